#include <migrate/ops/resume.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/cmd_migration.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_resume(Program& program) {
  auto flags = std::make_shared<MigrationFlags>();
  auto* command = program.command(
      "resume", "Finish what an earlier run left behind half-done", Needs::settings, [flags](Invocation& call) {
        return ui::show(call.output, ops::resume(call.context, with_question(flags->options)));
      });
  command->add_flag("--allow-drift", flags->options.allow_drift, "Go on although applied revision files changed");
  command
      ->add_option("--confirm", flags->options.confirm, "The database's name, where it is protected and data would go")
      ->type_name("NAME");
  document(
      command,
      {.group = group_change,
       .details = "A statement whose end nobody saw is looked for in the catalog: it counts as done, or is cleared "
                  "away and run again. `upgrade` and `downgrade` do the same with what they meet.",
       .examples = {{"resume", ""}},
       .exit_codes = run_exit_codes()});
}

}  // namespace migrate::cli
