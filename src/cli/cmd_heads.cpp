#include <migrate/ops/heads.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_heads(Program& program) {
  struct Flags {
    bool resolve_dependencies = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.command("heads", "Show the heads of the history", Needs::settings, [flags](Invocation& call) {
    return ui::show(call.output, ops::heads(call.context, flags->resolve_dependencies));
  });
  command->add_flag("--resolve-dependencies", flags->resolve_dependencies,
                    "Leave out heads that another revision depends on");
  document(command,
           {.group = group_look,
            .details = "A head is a revision without children. Reads the revision files only; needs no database.",
            .examples = {{"heads", "ids, messages, labels"}, {"heads -v", "with file, parents and date"}}});
}

}  // namespace migrate::cli
