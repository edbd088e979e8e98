#include <migrate/ui/show.hpp>

#include <memory>

#include "cli/cmd_migration.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_redo(Program& program) {
  auto flags = std::make_shared<MigrationFlags>();
  flags->target = "-1";
  auto* command =
      program.command("redo", "Undo the last revision and apply it again", Needs::settings, [flags](Invocation& call) {
        return ui::show(call.output, ops::redo(call.context, flags->target, with_question(flags->options)));
      });
  command->add_option("target", flags->target, "How far back: -1 (default), -N, a revision (which stays)")
      ->type_name("TARGET");
  add_run_flags(command, *flags);
  add_lint_flag(command, *flags);
  document(command, {.group = group_change,
                     .examples = {{"redo", "while a revision is being written"}, {"redo -2", ""}},
                     .exit_codes = run_exit_codes()});
}

}  // namespace migrate::cli
