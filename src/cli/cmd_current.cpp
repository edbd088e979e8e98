#include <migrate/ops/current.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_current(Program& program) {
  struct Flags {
    bool check_heads = false;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.command(
      "current", "Show the revisions at which the database stands", Needs::settings,
      [flags](Invocation& call) { return ui::show(call.output, ops::current(call.context), flags->check_heads); });
  command->add_flag("-c,--check-heads", flags->check_heads, "Exit with 1 where something is pending");
  document(command, {.group = group_look,
                     .examples = {{"current", ""},
                                  {"current -v", "with the connection, files, and who applied them when"},
                                  {"current --check-heads", "a gate for deployments"}},
                     .exit_codes = {{1, "with --check-heads: something is pending or unfinished"},
                                    {3, "the database cannot be reached"}}});
}

}  // namespace migrate::cli
