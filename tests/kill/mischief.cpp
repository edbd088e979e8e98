#include "kill/mischief.hpp"

#include <csignal>
#include <thread>

#include <fmt/format.h>

namespace migrate::kill {
namespace {

using test::Fate;
using test::Question;
using test::Sentence;

constexpr std::chrono::milliseconds stranded_for{120};

Mischief at(Ground& ground, int question, std::string kind, Fate fate, int signal) {
  Mischief mischief;
  mischief.kind = std::move(kind);
  mischief.detail = fmt::format("at question {} of {} or so", question, ground.questions(Direction::up));
  mischief.judge = [&ground, question, fate, signal](const Question& asked) -> Sentence {
    if (asked.number != question) return {};
    ground.strike();
    if (signal == 0) return {fate};
    // Where the server is not to hear it, the program must be gone before its link is: it would tell the difference.
    if (fate == Fate::drop_question || fate == Fate::strand_server) {
      ground.signal(signal);
      return {fate};
    }
    return {fate, [&ground, signal] { ground.signal(signal); }};
  };
  return mischief;
}

}  // namespace

Mischief kill_before(Ground& ground, int question) {
  return at(ground, question, "killed before a question", Fate::drop_question, SIGKILL);
}
Mischief kill_within(Ground& ground, int question) {
  return at(ground, question, "killed within a question", Fate::pass, SIGKILL);
}
Mischief kill_after(Ground& ground, int question) {
  return at(ground, question, "killed after a question", Fate::drop_answer, SIGKILL);
}
Mischief cut_before(Ground& ground, int question) {
  return at(ground, question, "link cut before a question", Fate::drop_question, 0);
}
Mischief cut_after(Ground& ground, int question) {
  return at(ground, question, "link cut, answer lost", Fate::drop_answer, 0);
}
Mischief strand(Ground& ground, int question) {
  auto mischief = at(ground, question, "killed, server not told", Fate::strand_server, SIGKILL);
  mischief.later = [](Ground& where) {
    std::this_thread::sleep_for(stranded_for);
    where.proxy().let_go_of_stranded();
  };
  return mischief;
}
Mischief send_sigint(Ground& ground, int question) { return at(ground, question, "SIGINT", Fate::pass, SIGINT); }
Mischief send_sigterm(Ground& ground, int question) { return at(ground, question, "SIGTERM", Fate::pass, SIGTERM); }

}  // namespace migrate::kill
