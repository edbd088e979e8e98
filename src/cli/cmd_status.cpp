#include <migrate/ops/status.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_status(Program& program) {
  struct Flags {
    bool exit_code = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.command(
      "status", "Show where files and database stand, and what comes next", Needs::settings,
      [flags](Invocation& call) { return ui::show(call.output, ops::status(call.context), flags->exit_code); });
  command->add_flag("--exit-code", flags->exit_code, "Exit with 1 where something is pending, unfinished or changed");
  document(command, {.group = group_look,
                     .examples = {{"status", ""},
                                  {"status --exit-code -q", "for scripts: is there anything to do?"},
                                  {"status --format json", "for programs"}},
                     .exit_codes = {{1, "with --exit-code: something is pending, unfinished or changed"},
                                    {3, "the database cannot be reached"}}});
}

}  // namespace migrate::cli
