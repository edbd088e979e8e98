#include <migrate/ops/offline.hpp>

#include <memory>
#include <migrate/ops/plan.hpp>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"

namespace migrate::cli {

void add_plan(Program& program) {
  struct Flags {
    std::string target = "head";
    bool downgrade = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.command("plan", "Show what an upgrade would do; change nothing", Needs::settings,
                                  [flags](Invocation& call) {
                                    const auto direction = flags->downgrade ? db::Direction::down : db::Direction::up;
                                    return ui::show(call.output, ops::plan(call.context, flags->target, direction));
                                  });
  command->add_option("target", flags->target, "As for upgrade (default: head) or downgrade")->type_name("TARGET");
  command->add_flag("--downgrade", flags->downgrade, "Show a downgrade to the target instead");
}

}  // namespace migrate::cli
