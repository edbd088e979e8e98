#include <migrate/ops/backup.hpp>

#include <memory>
#include <string>

#include <migrate/ui/show.hpp>

#include "cli/cmd_migration.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_restore(Program& program) {
  struct Flags {
    std::string file;
    ops::RunOptions options;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.command(
      "restore", "Make the database what it was in a backup", Needs::settings, [flags](Invocation& call) {
        return ui::show(call.output, ops::restore(call.context, flags->file, with_question(flags->options)));
      });
  command->add_option("file", flags->file, "A backup of `upgrade --backup`, or of pg_dump --format=custom")
      ->type_name("FILE")
      ->required();
  command->add_option("--confirm", flags->options.confirm, "The database's name, where it is protected")
      ->type_name("NAME");
  document(command,
           {.group = group_change,
            .details =
                "Everything in the database is dropped and made again from the backup, in one transaction: either all "
                "of it, with the journal as it was then, or nothing.",
            .examples = {{"restore .migrate/backups/shop-20261121T030000Z.dump", "back to that night"}},
            .exit_codes = {{2, "the file is no backup, or the database is protected and was not confirmed"},
                           {3, "the database cannot be reached or locked; nothing was changed"},
                           {4, "the restore failed and was rolled back"},
                           {5, "the link was lost, and nobody answers what became of the restore"}}});
}

}  // namespace migrate::cli
