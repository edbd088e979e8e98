#include <migrate/ops/heads.hpp>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"

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
}

}  // namespace migrate::cli
