#include "db/run_context.hpp"

#include <migrate/base/text.hpp>

#include "db/transaction_lock.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace migrate::db {

using std::chrono::milliseconds;

RunContext::RunContext(Session& session_, const Journal& journal_, const RevisionRun& run_, RunObserver& observer_)
    : session(session_),
      state(SessionAccess::state(session_)),
      journal(journal_),
      run(run_),
      observer(observer_),
      holds_lock_(state.kept_lock.has_value()),
      watch_(session_, run_.lock_timeout),
      retry_(run_.retry_for) {}

milliseconds RunContext::elapsed() const {
  return std::chrono::duration_cast<milliseconds>(std::chrono::steady_clock::now() - started_);
}

RunReport RunContext::report() const {
  const auto skipped = static_cast<std::size_t>(run.steps_done);
  return {.duration = elapsed(),
          .statements = run.statements.size() - std::min(skipped, run.statements.size()),
          .log_position = log_position};
}

RunFailure RunContext::failure(ServerError error, std::optional<std::size_t> statement) const {
  RunFailure failure;
  failure.backend_pid = error.connection_lost ? state.info.backend_pid : 0;
  failure.server_error = std::move(error);
  failure.stage = statement ? RunStage::statement : RunStage::begin;
  failure.statement = statement;
  failure.steps_done = run.steps_done;
  if (is_lock_failure(failure.server_error)) failure.blockers = watch_.blockers();
  return failure;
}

Result<void, RunFailure> RunContext::make_clean() {
  if (!state.needs_reset || state.is_shared()) return {};
  Exchange done = exchange(state, {.sql = session.reset_sql()});
  if (done.error) return Unexpected{failure(*std::move(done.error))};
  state.needs_reset = false;
  return {};
}

Exchange RunContext::send_statement(std::size_t index, std::string_view before) {
  const RunStatement& statement = run.statements[index];
  const std::string sql = std::string(before).append(run.source->text(statement.statement.range));
  Question question{.sql = sql};
  if (statement.facts.is_copy_from_stdin) {
    const auto& data = statement.statement.copy_data;
    question.copy_data = data ? run.source->text(*data) : std::string_view();
  }
  question.keep_rows = statement.treatment.assertion.has_value();
  observer.statement_started(run, index);
  watch_.forget();
  Exchange done = exchange(state, question, [&](milliseconds running) {
    observer.statement_running(run, index, running);
    if (auto progress = watch_.look(running)) tell(index, *std::move(progress));
  });
  watch_.rest();
  last_took_ = std::chrono::duration_cast<milliseconds>(done.executed.duration);
  if (done.error && done.error->position) {
    const std::size_t at = done.error->position->value;
    done.error->position = at >= before.size() ? std::optional(CharOffset{at - before.size()}) : std::nullopt;
  }
  return done;
}

void RunContext::tell(std::size_t index, Progress progress) const {
  // What is sent from here, the server doesn't know the size of.
  const auto& data = run.statements[index].statement.copy_data;
  if (data && progress.unit == "bytes") progress.total = static_cast<std::int64_t>(data->size());
  observer.statement_progress(run, index, progress);
}

Exchange RunContext::send_part(std::size_t index, std::string_view sql, std::chrono::steady_clock::time_point begun) {
  watch_.forget();
  Exchange done = exchange(state, {.sql = sql}, [&](milliseconds running) {
    const auto since = std::chrono::steady_clock::now() - begun;
    observer.statement_running(run, index, std::chrono::duration_cast<milliseconds>(since));
    // How far it is, whoever sends the parts knows better.
    if (auto progress = watch_.look(running); progress && !progress->waits_for.empty())
      tell(index, *std::move(progress));
  });
  watch_.rest();
  last_took_ = std::chrono::duration_cast<milliseconds>(done.executed.duration);
  return done;
}

std::string RunContext::as_ourselves_sql() const {
  const std::string& role = state.options.role;
  return fmt::format("SET LOCAL SESSION AUTHORIZATION DEFAULT;\nSET LOCAL role TO {}",
                     role.empty() ? "DEFAULT" : quote_identifier(role));
}

void RunContext::speak_utf8() {
  const char* encoding = PQparameterStatus(state.raw(), "client_encoding");
  if (encoding && std::string_view(encoding) != "UTF8") {
    exchange(state, {.sql = "SET client_encoding TO 'UTF8'", .clean_up = true});
  }
}

bool RunContext::try_again(RunFailure& failure) {
  if (!is_lock_failure(failure.server_error)) return false;
  // A function let go of the migration lock before the statement failed, and another run has it now.
  if (holds_lock_ && !state.kept_lock) return false;
  const auto pause = retry_.next(std::exchange(last_took_, milliseconds(0)));
  failure.tries = retry_.tries();
  if (!pause) return false;
  observer.lock_failed(run, {.statement = failure.statement,
                             .deadlock = failure.server_error.sqlstate == "40P01",
                             .blockers = failure.blockers,
                             .tries = failure.tries,
                             .pause = *pause});
  if (session.pause(*pause)) return true;
  failure.server_error = interrupted_error();
  return false;
}

std::string RunContext::keep_place_sql(std::size_t index) {
  const std::string& tag = run.statements[index].facts.tag;
  if (place_held_ || tag.starts_with("SET") || tag.starts_with("LOCK")) return {};
  std::string sql = db::hold_place_sql(state);
  place_held_ = !sql.empty();
  return sql;
}

std::string RunContext::keep_lock_sql() {
  return std::exchange(place_held_, false) ? db::hold_again_sql(state) : std::string();
}

Result<bool, ServerError> RunContext::try_to_hold_place() {
  auto held = db::try_to_hold_place(state);
  place_held_ = held && *held;
  return held;
}

void RunContext::end_transaction() {
  const bool placed = std::exchange(place_held_, false);
  exchange(state, {.sql = "ROLLBACK", .clean_up = true});
  if (!placed) return;
  const auto held = try_to_hold_again(state);
  if (held && !*held) state.kept_lock.reset();  // nobody waits for it from here on
}

void RunContext::roll_back() {
  if (PQstatus(state.raw()) == CONNECTION_BAD) return;
  const bool open = session.transaction_status() != TransactionStatus::idle;
  if (!open && state.is_shared()) return;  // the server process is another's by now
  if (open) end_transaction();
  state.needs_reset = exchange(state, {.sql = session.reset_sql(), .clean_up = true}).error.has_value();
}

void RunContext::clean_up(const std::string& journal_sql) {
  if (PQstatus(state.raw()) == CONNECTION_BAD) return;
  roll_back();
  exchange(state, {.sql = state.local_role_sql() + journal_sql, .clean_up = true});
}

std::string RunContext::failed_sql(const ServerError& error) const {
  return journal.failed_sql(run.entry.id, run.direction, elapsed(), error);
}

std::string RunContext::done_sql() const {
  return run.direction == Direction::up
             ? journal.applied_sql(run.entry, static_cast<int>(run.statements.size()), elapsed())
             : journal.reverted_sql(run.entry.id, elapsed());
}

bool holds(const std::vector<std::string>& tags, std::string_view tag) {
  return std::find(tags.begin(), tags.end(), tag) != tags.end();
}

}  // namespace migrate::db
