#include <migrate/ops/offline.hpp>

#include <memory>
#include <migrate/ops/stamp.hpp>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_stamp(Program& program) {
  struct Flags {
    std::vector<std::string> targets;
    bool purge = false;
    bool adopt = false;
    bool sql = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.command(
      "stamp", "Say in the journal that revisions are applied; run nothing", Needs::settings,
      [flags](Invocation& call) {
        if (flags->sql) {
          return ui::show_script(call.output, ops::stamp_script(call.context, flags->targets, flags->purge));
        }
        return ui::show(call.output, ops::stamp(call.context, flags->targets, flags->purge, flags->adopt));
      });
  command->add_option("targets", flags->targets, "head, heads, base, a revision, a label ...")
      ->required()
      ->type_name("TARGET...");
  command->add_flag("--purge", flags->purge, "Forget all that the journal holds first");
  auto* adopt =
      command->add_flag("--adopt", flags->adopt, "Take over another project's journal: its `[project] id` was renamed");
  command->add_flag("--sql", flags->sql, "Write a script for psql instead")->excludes(adopt);
  document(command,
           {.group = group_change,
            .details = "For a database whose schema is that of a revision although the journal does not say so.",
            .examples = {{"stamp head", ""}, {"stamp --purge 3f2a", "whatever it said before"}}});
}

}  // namespace migrate::cli
