#include <migrate/ops/offline.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/cmd_migration.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_downgrade(Program& program) {
  auto flags = std::make_shared<MigrationFlags>();
  auto* command =
      program.command("downgrade", "Undo revisions down to a target", Needs::settings, [flags](Invocation& call) {
        if (flags->sql)
          return ui::show_script(call.output,
                                 ops::downgrade_script(call.context, flags->target, script_options(*flags)));
        return ui::show(call.output, ops::downgrade(call.context, flags->target, with_question(flags->options)));
      });
  command->add_option("target", flags->target, "-N, base, a revision (which stays), LABEL@base ...")
      ->required()
      ->type_name("TARGET");
  command->add_flag("--sql", flags->sql, "Write a script for psql instead; TARGET is a range FROM:TO");
  add_run_flags(command, *flags);
  keep_runs_out_of_scripts(command);
  document(
      command,
      {.group = group_change,
       .details = "Runs the downgrade sections of what was applied after the target, the newest first. Revisions whose "
                  "file is gone are undone with the text that the journal keeps.",
       .examples = {{"downgrade -1", "the last revision"},
                    {"downgrade 3f2a", "back to 3f2a, which stays"},
                    {"downgrade base", "everything"}},
       .exit_codes = run_exit_codes(false)});
}

}  // namespace migrate::cli
