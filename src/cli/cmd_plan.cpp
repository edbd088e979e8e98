#include <migrate/ops/offline.hpp>

#include <memory>
#include <migrate/ops/plan.hpp>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_plan(Program& program) {
  struct Flags {
    std::string target = "head";
    bool downgrade = false;
    bool lint = true;
    bool allow_drift = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.command(
      "plan", "Show what an upgrade would do; change nothing", Needs::settings, [flags](Invocation& call) {
        const auto direction = flags->downgrade ? db::Direction::down : db::Direction::up;
        return ui::show(call.output,
                        ops::plan(call.context, flags->target, direction, flags->lint, flags->allow_drift));
      });
  command->add_option("target", flags->target, "As for upgrade (default: head) or downgrade")->type_name("TARGET");
  command->add_flag("--downgrade", flags->downgrade, "Show a downgrade to the target instead");
  command->add_flag("--no-lint{false}", flags->lint, "Don't ask the rules");
  command->add_flag("--allow-drift", flags->allow_drift, "Go on although applied revision files changed");
  document(command, {.group = group_change,
                     .examples = {{"plan", "what `migrate upgrade` would do"},
                                  {"plan -1 --downgrade", "what `migrate downgrade -1` would do"}},
                     .exit_codes = {{1, "the rules find errors, or applied files changed: the run would be refused"},
                                    {2, "what would be refused: broken files, an unknown target"},
                                    {3, "the database cannot be reached"}}});
}

}  // namespace migrate::cli
