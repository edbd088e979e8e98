#include <iostream>
#include <memory>

#include <migrate/ops/dev.hpp>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/editor.hpp"
#include "cli/help.hpp"

namespace migrate::cli {

void add_dev(Program& program) {
  auto* group = program.group("dev", "The embedded PostgreSQL of this project");
  program.subcommand(group, "start", "Start it, and make its database", Needs::settings,
                     [](Invocation& call) { return ui::show(call.output, ops::dev_start(call.context)); });
  program.subcommand(group, "stop", "Stop it; the data stays", Needs::settings,
                     [](Invocation& call) { return ui::show(call.output, ops::dev_stop(call.context)); });
  program.subcommand(group, "status", "Does it run, and where", Needs::settings,
                     [](Invocation& call) { return ui::show(call.output, ops::dev_status(call.context)); });
  program.subcommand(group, "reset", "Stop it and remove its data", Needs::settings,
                     [](Invocation& call) { return ui::show(call.output, ops::dev_reset(call.context)); });
  program.subcommand(group, "url", "Print a connection string for other programs", Needs::settings,
                     [](Invocation& call) {
                       const auto status = ops::dev_status(call.context);
                       if (!status || !call.output.human()) return ui::show(call.output, status);
                       call.output.text(status->url + "\n");
                       return ExitCode::ok;
                     });

  auto arguments = std::make_shared<std::vector<std::string>>();
  auto* psql = program.subcommand(group, "psql", "Open psql on it (words after -- go to psql)", Needs::settings,
                                  [arguments](Invocation& call) {
                                    const auto words = ops::dev_psql(call.context, *arguments);
                                    return call.output.fail(words ? become(*words) : words.error());
                                  });
  psql->add_option("arguments", *arguments, "Arguments of psql")->type_name("-- ARGUMENT...");
  document(psql, {.group = psql->get_group(),
                  .details = "What stands behind -- goes to psql: before it, -c and -v are options of migrate.",
                  .examples = {{"dev psql", ""}, {"dev psql -- -c 'TABLE users'", ""}}});
  document(group, {.group = group_set_up,
                   .details = "A PostgreSQL of this project alone, in its .migrate folder, for development and tests. "
                              "DATABASE_URL=embedded: makes every command use it, and starts it where it does not run.",
                   .examples = {{"dev start", ""}, {"dev psql -- -c '\\d'", ""}}});
}

}  // namespace migrate::cli
