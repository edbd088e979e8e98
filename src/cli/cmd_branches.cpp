#include <migrate/ops/branches.hpp>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_branches(Program& program) {
  auto* command = program.command("branches", "Show where the history forks", Needs::settings,
                                  [](Invocation& call) { return ui::show(call.output, ops::branches(call.context)); });
  document(command,
           {.group = group_look,
            .details = "Each branch point, with its children. Reads the revision files only; needs no database.",
            .examples = {{"branches", ""}, {"branches -v", "with file, parents and date"}}});
}

}  // namespace migrate::cli
