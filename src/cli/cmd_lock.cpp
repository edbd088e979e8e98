#include <migrate/ops/lock.hpp>

#include <memory>

#include <migrate/ui/show.hpp>

#include "cli/cmd_migration.hpp"
#include "cli/commands.hpp"
#include "cli/help.hpp"

namespace migrate::cli {
namespace {

void add_lock_status(Program& program, CLI::App* group) {
  auto tell = std::make_shared<bool>(false);
  auto* status = program.subcommand(
      group, "status", "Who holds the lock, and what is under way", Needs::settings,
      [tell](Invocation& call) { return ui::show(call.output, ops::lock_status(call.context), *tell); });
  status->add_flag("--exit-code", *tell, "Exit with 1 where the lock is held");
  document(status,
           {.group = status->get_group(),
            .examples = {{"lock status", ""}, {"lock status --exit-code -q", "for scripts"}},
            .exit_codes = {{0, "held or free"}, {1, "held, with --exit-code"}, {3, "the database cannot be reached"}}});
}

void add_lock_break(Program& program, CLI::App* group) {
  auto flags = std::make_shared<ops::BreakOptions>();
  auto* broken = program.subcommand(group, "break", "End the session that holds the lock", Needs::settings,
                                    [flags](Invocation& call) {
                                      auto options = *flags;
                                      options.run = with_question(options.run);
                                      return ui::show(call.output, ops::lock_break(call.context, options));
                                    });
  broken->add_flag("-y,--yes", flags->yes, "Don't ask");
  broken->add_option("--confirm", flags->run.confirm, "The database's name, where it is protected")->type_name("NAME");
  document(
      broken,
      {.group = broken->get_group(),
       .details = "The server stops the statement of that session, rolls its transaction back, and frees the lock; "
                  "this command waits until it has. What ran outside a transaction stays: `migrate resume` finishes "
                  "it.",
       .examples = {{"lock break", "asks first"}, {"lock break --yes", "where nobody can be asked"}},
       .exit_codes = {{0, "the lock is free, or was"},
                      {2, "it was not confirmed; nothing was changed"},
                      {3, "the database cannot be reached, the session may not be ended, or it does not end"}}});
}

}  // namespace

void add_lock(Program& program) {
  auto* group = program.group("lock", "The lock that lets one run in at a time");
  add_lock_status(program, group);
  add_lock_break(program, group);
  document(group,
           {.group = group_change,
            .details = "A run that changes the database holds the migration lock until its session ends. The session "
                       "of a client that is gone ends when the server notices: at the latest when the statement "
                       "that it runs has ended.",
            .examples = {{"lock status", ""}, {"lock break", ""}}});
}

}  // namespace migrate::cli
