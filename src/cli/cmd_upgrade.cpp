#include <migrate/ops/offline.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/cmd_migration.hpp"
#include "cli/commands.hpp"

namespace migrate::cli {

void add_upgrade(Program& program) {
  auto flags = std::make_shared<MigrationFlags>();
  flags->target = "head";
  auto* command = program.command("upgrade", "Apply revisions up to a target", Needs::settings, [flags](Invocation& call) {
    if (flags->sql) return ui::show_script(call.output, ops::upgrade_script(call.context, flags->target));
    return ui::show(call.output, ops::upgrade(call.context, flags->target, with_question(flags->options)));
  });
  command->add_option("target", flags->target, "head (default), heads, +N, a revision, a label, LABEL@head ...")
      ->type_name("TARGET");
  command->add_flag("--sql", flags->sql, "Write a script for psql instead; TARGET may be a range FROM:TO");
  add_run_flags(command, *flags);
}

}  // namespace migrate::cli
