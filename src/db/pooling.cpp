// Whether a pooler gives each transaction another server process.
#include <migrate/base/log.hpp>
#include <migrate/db/session.hpp>

#include "db/ask.hpp"
#include "db/connect_attempt.hpp"
#include "db/exchange.hpp"

#include <chrono>

namespace migrate::db {
namespace {

using std::chrono::milliseconds;

// Two clients that were served by one process, or one client by two: that proves it. A pooler that hands out its
// processes in turn, and one with other clients at work, do not show it at once: each round asks twice on one side.
constexpr int rounds = 6;
constexpr milliseconds patience{2000};
constexpr milliseconds connect_patience{5000};
const std::string process_query = "SELECT pg_catalog.pg_backend_pid()";

using Process = std::optional<std::string>;

class Inquiry {
 public:
  Inquiry(SessionState& state, PqConnection second) : state_(state), second_(std::move(second)) {}

  Result<Pooling, ServerError> go() {
    for (int round = 0; round < rounds; ++round) {
      for (int time = 0; time < 2; ++time) {
        MIGRATE_TRY(ask_first());
        if (shared_) return transaction_or_statement();
      }
      if (!ask_second()) return nobody_answers();
      if (shared_) return transaction_or_statement();
    }
    return Pooling::session;
  }

 private:
  Result<void, ServerError> ask_first() {
    Exchange done = exchange(state_, {.sql = process_query, .keep_rows = true});
    if (done.error) return Unexpected{*std::move(done.error)};
    compare(first_, second_process_, done.executed.result.front()[0]);
    return {};
  }

  bool ask_second() {
    const auto rows = ask(second_.get(), process_query, state_.interrupt(), patience);
    if (!rows || rows->empty()) return false;
    compare(second_process_, first_, rows->front()[0]);
    return true;
  }

  void compare(Process& mine, const Process& others, const Process& now) {
    shared_ = (mine && mine != now) || others == now;
    mine = now;
  }

  // The second client waits for a process. Where ours answers before it, it is because ours is kept for us.
  Result<Pooling, ServerError> nobody_answers() {
    MIGRATE_TRY(ask_first());
    return shared_ ? Pooling::transaction : Pooling::session;
  }

  // One that refuses transactions does so when the first of them would stay open.
  Pooling transaction_or_statement() {
    const auto begun = ask(second_.get(), "BEGIN", state_.interrupt(), patience);
    if (!begun && !begun.error().sqlstate.empty()) return Pooling::statement;
    return Pooling::transaction;
  }

  SessionState& state_;
  PqConnection second_;
  Process first_, second_process_;
  bool shared_ = false;
};

}  // namespace

Result<Pooling, ServerError> Session::find_pooling() {
  if (state_->pooling != Pooling::unknown) return state_->pooling;
  const auto parameters = ConnectParameters::parse(state_->options);
  auto second = parameters ? attempt_connection(*parameters, state_->interrupt(), connect_patience)
                           : Result<PqConnection, AttemptError>(Unexpected{AttemptError{}});
  if (!second) {
    // What nobody knows is taken for the worse.
    log::debug("no second connection to ask the pooler: {}", second.error().text);
    return state_->pooling = Pooling::transaction;
  }
  PQsetNoticeReceiver(
      second->get(), [](void*, const PGresult*) {}, nullptr);
  MIGRATE_TRY_ASSIGN(const Pooling found, Inquiry(*state_, *std::move(second)).go());
  log::debug("the pooler is one of mode {}", static_cast<int>(found));
  state_->pooling = found;
  if (found == Pooling::session) {
    // What was not done when connecting.
    Exchange done = exchange(*state_, {.sql = reset_sql()});
    if (done.error) return Unexpected{*std::move(done.error)};
  }
  return found;
}

}  // namespace migrate::db
