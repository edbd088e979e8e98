#include <migrate/ops/offline.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/cmd_migration.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_upgrade(Program& program) {
  auto flags = std::make_shared<MigrationFlags>();
  flags->target = "head";
  auto* command =
      program.command("upgrade", "Apply revisions up to a target", Needs::settings, [flags](Invocation& call) {
        if (flags->sql)
          return ui::show_script(call.output, ops::upgrade_script(call.context, flags->target, script_options(*flags)));
        return ui::show(call.output, ops::upgrade(call.context, flags->target, with_question(flags->options)));
      });
  command->add_option("target", flags->target, "head (default), heads, +N, a revision, a label, LABEL@head ...")
      ->type_name("TARGET");
  command->add_flag("--sql", flags->sql, "Write a script for psql instead; TARGET may be a range FROM:TO");
  add_run_flags(command, *flags);
  keep_runs_out_of_scripts(command);
  add_lint_flag(command, *flags);
  document(command,
           {.group = group_change,
            .details =
                "Each revision is one transaction, together with its row in the journal, unless its statements cannot "
                "run in one. What was interrupted is finished by running the same command again.",
            .examples = {{"upgrade", "to the head"},
                         {"upgrade +1", "one revision"},
                         {"upgrade billing@head", "one branch"},
                         {"upgrade --sql 3f2a:head > up.sql", "a script for psql; no database is asked"}},
            .exit_codes = run_exit_codes()});
}

}  // namespace migrate::cli
