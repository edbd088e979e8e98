// Flags that upgrade, downgrade and redo share.
#pragma once

#include <iostream>
#include <memory>
#include <string>

#include <unistd.h>

#include <migrate/ops/migration.hpp>
#include <migrate/ops/offline.hpp>

#include "cli/help.hpp"
#include "cli/program.hpp"
#include "cli/usage_error.hpp"

namespace migrate::cli {

struct MigrationFlags {
  std::string target;
  bool sql = false;
  ops::RunOptions options;
};

inline void add_run_flags(CLI::App* command, MigrationFlags& flags) {
  command->add_flag("--dry-run", flags.options.dry_run, "Run everything in a transaction, then roll back");
  command->add_flag("--single-transaction", flags.options.single_transaction,
                    "All revisions in one transaction, or none");
  command->add_flag("--allow-drift", flags.options.allow_drift, "Go on although applied revision files changed");
  command
      ->add_flag("--backup{always},--no-backup{off}", flags.options.backup,
                 "Back up the database first; --backup=auto: only before data is destroyed")
      ->check(one_of({"off", "auto", "always"}));
  command
      ->add_option("--confirm", flags.options.confirm, "The database's name, where it is protected and data would go")
      ->type_name("NAME");
}

// What only a run can do excludes --sql. Requires: the command has both.
inline void keep_runs_out_of_scripts(CLI::App* command) {
  for (const char* of_a_run : {"--dry-run", "--backup"}) {
    command->get_option("--sql")->excludes(command->get_option(of_a_run));
  }
}

inline ops::ScriptOptions script_options(const MigrationFlags& flags) {
  return {.lint = flags.options.lint, .single_transaction = flags.options.single_transaction};
}

// Of verbs that apply revisions.
inline void add_lint_flag(CLI::App* command, MigrationFlags& flags) {
  command->add_flag("--no-lint{false}", flags.options.lint, "Don't ask the rules first: for emergencies");
}

inline std::vector<SpecialExitCode> run_exit_codes(bool judged = true) {
  const char* refused = judged ? "refused: the rules find errors, or applied files changed; nothing was changed"
                               : "refused: applied files changed; nothing was changed";
  return {{1, refused},
          {2, "revision files, settings or the target are wrong; nothing was changed"},
          {3, "the database cannot be reached or locked; nothing was changed"},
          {4, "a revision failed and was rolled back: the database is at the last good one"},
          {5, "a revision failed and left work behind: run the same command again, or see `migrate status`"},
          {130, "interrupted, and rolled back"}};
}

// Asks only where a person sits at both ends.
inline ops::RunOptions with_question(ops::RunOptions options) {
  if (isatty(STDIN_FILENO) == 0 || isatty(STDERR_FILENO) == 0) return options;
  options.ask = [](const std::string& question) -> std::optional<std::string> {
    std::cerr << question << std::flush;
    std::string line;
    if (!std::getline(std::cin, line)) {
      std::cerr << '\n';  // the question's line is still open
      return std::nullopt;
    }
    return line;
  };
  return options;
}

}  // namespace migrate::cli
