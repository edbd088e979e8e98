#include <migrate/ops/mark.hpp>

#include <memory>
#include <migrate/ui/show.hpp>

#include "cli/commands.hpp"
#include "cli/help.hpp"
#include "cli/usage_error.hpp"

namespace migrate::cli {

void add_mark(Program& program) {
  struct Flags {
    std::string revision, state;
    int done = 0;
  };
  auto flags = std::make_shared<Flags>();
  auto* command = program.command("mark", "Say what became of a revision that was left half-done; run nothing",
                                  Needs::settings, [flags](Invocation& call) {
                                    ops::Mark mark{.as = ops::MarkAs::done, .statements = flags->done};
                                    if (!flags->state.empty())
                                      mark.as = flags->state == "applied" ? ops::MarkAs::applied : ops::MarkAs::pending;
                                    return ui::show(call.output, ops::mark(call.context, flags->revision, mark));
                                  });
  command->add_option("revision", flags->revision, "A revision that is half applied or half undone")
      ->required()
      ->type_name("REVISION");
  auto* state = command->add_option("state", flags->state, "applied: all of it is there; pending: nothing of it")
                    ->check(CLI::IsMember({"applied", "pending"}))
                    ->type_name("applied|pending");
  auto* done =
      command->add_option("--done", flags->done, "So many of its statements have run; the next run goes on there")
          ->check(count_from(0))
          ->type_name("N");
  state->excludes(done);
  command->callback([state, done] {
    if (state->count() + done->count() == 0) throw CLI::RequiredError("applied, pending or --done N");
  });
  document(
      command,
      {.group = group_change,
       .details = "For what the catalog does not tell: whether a statement that ran outside a transaction, and whose "
                  "end nobody saw, did its work.",
       .examples = {{"mark 3f2a --done 2", "its first two statements have run"},
                    {"mark 3f2a applied", "all of them have"},
                    {"mark 3f2a pending", "nothing of it is there any more"}}});
}

}  // namespace migrate::cli
