#include <migrate/ops/lint.hpp>

#include <memory>

#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_lint(Program& program) {
  struct Flags {
    ops::LintOptions options;
    ui::LintView view;
    bool fix = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.command("lint", "Judge revisions: locks, lost data, broken programs, names", Needs::settings,
                                  [flags](Invocation& call) {
                                    auto& options = flags->options;
                                    if (flags->fix) options.fixing = ops::Fixing::write;
                                    if (flags->view.diff) options.fixing = ops::Fixing::show;
                                    return ui::show(call.output, ops::lint(call.context, options), flags->view);
                                  });
  auto& options = flags->options;
  command
      ->add_option("revisions", options.targets,
                   "Revisions, ranges A:B, files or folders (default: all after the baseline)")
      ->type_name("REV...");
  command->add_flag("--database", options.ask_database, "Judge what is pending there, with what its tables hold");
  command
      ->add_option("--since", options.since,
                   "Only what was added or changed since this commit; edits of older ones are errors")
      ->type_name("COMMIT");
  command->add_flag("--fix", flags->fix, "Mend in the files what can be mended by itself");
  command->add_flag("--diff", flags->view.diff, "Show what --fix would change, as a unified diff");
  command->add_flag("--force", options.force, "Let --fix change applied revisions too");
  command->add_flag("--strict", flags->view.strict, "Exit with 1 for warnings too");
  document(
      command,
      {.group = group_look,
       .details = "Without --database no database is touched: tables of earlier revisions are taken to be full and "
                  "in use. A comment `-- migrate:allow RULE (reason)` above a statement, or in the header, takes a "
                  "finding away; migrate.toml says how loud each rule is. `migrate upgrade` asks the same rules.",
       .examples = {{"lint", "all revisions"},
                    {"lint --since origin/main", "in a pull request"},
                    {"lint --database", "what the next upgrade would do to this database"},
                    {"lint --diff", "what --fix would change"},
                    {"lint --format sarif > lint.sarif", "for a code host"}},
       .exit_codes = {{1, "findings that are errors"},
                      {2, "revision files, settings or their graph are broken"},
                      {3, "the database cannot be reached"}}});
}

}  // namespace migrate::cli
