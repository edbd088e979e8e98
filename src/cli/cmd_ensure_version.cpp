#include <migrate/ops/stamp.hpp>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_ensure_version(Program& program) {
  auto* command =
      program.command("ensure-version", "Make the journal's tables if they are not there", Needs::settings,
                      [](Invocation& call) { return ui::show(call.output, ops::ensure_version(call.context)); });
  document(command,
           {.group = group_change, .examples = {{"ensure-version", "the first `migrate upgrade` does it too"}}});
}

}  // namespace migrate::cli
