#include <migrate/ops/config.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_config(Program& program) {
  auto name = std::make_shared<std::string>();
  auto* command = program.command(
      "config", "Show the settings, and where each came from", Needs::settings,
      [name](Invocation& call) { return ui::show(call.output, ops::show_config(call.context, *name)); });
  command->add_option("name", *name, "One setting: prints its value alone")->type_name("NAME");
  document(command, {.group = group_set_up,
                     .details = "From the strongest to the weakest: flags, environment variables, .env, migrate.toml, "
                                "defaults. Passwords are never shown.",
                     .examples = {{"config", "all settings"},
                                  {"config migrations.directory", "one value, for scripts"},
                                  {"config --format json", ""}}});
}

}  // namespace migrate::cli
