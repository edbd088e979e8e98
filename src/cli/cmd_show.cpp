#include <migrate/ops/show.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_show(Program& program) {
  struct Flags {
    std::string revision = "head";
    bool no_db = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command =
      program.command("show", "Show everything about a revision", Needs::settings, [flags](Invocation& call) {
        return ui::show(call.output, ops::show(call.context, flags->revision, !flags->no_db));
      });
  command
      ->add_option("revision", flags->revision, "An id, a unique prefix, a label, head (default), heads, current ...")
      ->type_name("REV");
  command->add_flag("--no-db", flags->no_db, "Do not ask the database whether it is applied");
  document(command,
           {.group = group_look,
            .details = "Header, parents and children, the statements of both sections, and how it stands in the "
                       "database where one is configured.",
            .examples = {{"show 3f2a", "by a prefix of at least four characters"},
                         {"show current", "where the database is"},
                         {"show billing@head --no-db", "the end of a branch, files only"}},
            .exit_codes = {{2, "no such revision, or several"},
                           {3, "`current` was asked for, and the database cannot be reached"}}});
}

}  // namespace migrate::cli
