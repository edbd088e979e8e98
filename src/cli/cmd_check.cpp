#include <migrate/ops/check.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_check(Program& program) {
  struct Flags {
    bool no_db = false;
    bool strict = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command =
      program.command("check", "Check revision files and database: is all as it should be?", Needs::settings,
                      [flags](Invocation& call) {
                        return ui::show(call.output, ops::check(call.context, !flags->no_db), flags->strict);
                      });
  command->add_flag("--no-db", flags->no_db, "Check the files alone");
  command->add_flag("--strict", flags->strict, "Exit with 1 for warnings too");
  document(
      command,
      {.group = group_look,
       .details = "Files: broken headers, broken graph, several heads, statements that a run would refuse, names "
                  "that the template would not give (a warning). Database: pending revisions, applied files that "
                  "changed or are gone, revisions left behind half-done, pending ancestors of applied ones.",
       .examples = {{"check --no-db", "before a commit"}, {"check", "after a deployment: nothing is left"}},
       .exit_codes = {
           {1, "findings"}, {2, "revision files or their graph are broken"}, {3, "the database cannot be reached"}}});
}

}  // namespace migrate::cli
