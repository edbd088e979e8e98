#include "db/exchange.hpp"

#include <migrate/base/log.hpp>
#include <migrate/base/text.hpp>

#include "db/poll_wait.hpp"
#include "db/server_error_fields.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>

namespace migrate::db {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds tick_interval{100};
// A cancel that reaches the server between two commands is lost: it is sent again until the statement has ended.
constexpr milliseconds cancel_interval{1000};
constexpr milliseconds idle_interval{60'000};
constexpr std::size_t copy_chunk = 64 * 1024;

class NonBlocking {
 public:
  explicit NonBlocking(PGconn* connection) : connection_(connection) { PQsetnonblocking(connection_, 1); }
  ~NonBlocking() { PQsetnonblocking(connection_, 0); }
  NonBlocking(const NonBlocking&) = delete;
  NonBlocking& operator=(const NonBlocking&) = delete;

 private:
  PGconn* connection_;
};

class Conversation {
 public:
  Conversation(SessionState& state, const Question& question, const Session::Tick& tick)
      : state_(state), connection_(state.raw()), question_(question), tick_(tick) {}

  Exchange run() {
    const NonBlocking mode(connection_);
    const std::string sql(question_.sql);
    if (!PQsendQuery(connection_, sql.c_str())) {
      result_.error = read_connection_error(connection_);
      return std::move(result_);
    }
    if (!question_.keep_rows) PQsetSingleRowMode(connection_);
    while (const PqResult result = next_result()) take(result.get());
    finish();
    return std::move(result_);
  }

 private:
  PqResult next_result() {
    while (PQflush(connection_) == 1 || PQisBusy(connection_)) {
      wait(PQflush(connection_) == 1 ? POLLIN | POLLOUT : POLLIN);
      if (!PQconsumeInput(connection_)) break;  // PQgetResult tells what happened
    }
    return PqResult(PQgetResult(connection_));
  }

  void take(const PGresult* result) {
    switch (PQresultStatus(result)) {
      case PGRES_SINGLE_TUPLE: break;
      case PGRES_EMPTY_QUERY: break;
      case PGRES_TUPLES_OK: keep_rows(result); [[fallthrough]];
      case PGRES_COMMAND_OK: keep_tag(result); break;
      case PGRES_COPY_IN: send_copy_data(); break;
      case PGRES_COPY_OUT: drop_copy_data(); break;
      default:
        if (!result_.error) result_.error = read_server_error(result, connection_);
    }
  }

  void keep_tag(const PGresult* result) {
    // libpq keeps the tag in the result and offers it through a pointer to non-const only.
    auto* const mutable_result = const_cast<PGresult*>(result);
    Executed& executed = result_.executed;
    executed.command_tag = PQcmdStatus(mutable_result);
    executed.rows.reset();
    const std::string_view count = PQcmdTuples(mutable_result);
    std::int64_t rows = 0;
    if (std::from_chars(count.data(), count.data() + count.size(), rows).ec == std::errc()) executed.rows = rows;
    result_.tags.push_back(executed.command_tag);
  }

  void keep_rows(const PGresult* result) {
    result_.executed.result.clear();
    result_.column_types.clear();
    for (int j = 0; j < PQnfields(result); ++j) result_.column_types.push_back(PQftype(result, j));
    for (int i = 0; i < PQntuples(result); ++i) {
      Row row;
      for (int j = 0; j < PQnfields(result); ++j) {
        if (PQgetisnull(result, i, j)) {
          row.push_back(std::nullopt);
        } else {
          row.push_back(std::string(PQgetvalue(result, i, j), static_cast<std::size_t>(PQgetlength(result, i, j))));
        }
      }
      result_.executed.result.push_back(std::move(row));
    }
  }

  void send_copy_data() {
    if (!question_.copy_data) return end_copy("there is no data after the statement");
    std::string_view data = *question_.copy_data;
    while (!data.empty()) {
      if (cancelled_at_) return end_copy("interrupted");
      const auto chunk = data.substr(0, copy_chunk);
      const int queued = PQputCopyData(connection_, chunk.data(), static_cast<int>(chunk.size()));
      if (queued < 0) return end_copy("it could not be sent");
      if (queued == 1) data.remove_prefix(chunk.size());
      // The server may have refused already: reading makes room on its side, the refusal itself is told at the end.
      while (PQflush(connection_) == 1) {
        wait(POLLIN | POLLOUT);
        if (!PQconsumeInput(connection_)) return;
      }
    }
    end_copy(nullptr);
  }

  void end_copy(const char* error) {
    while (PQputCopyEnd(connection_, error) == 0) wait(POLLOUT);
  }

  void drop_copy_data() {
    for (;;) {
      char* row = nullptr;
      const int length = PQgetCopyData(connection_, &row, 1);
      const PqText owned(row);
      if (length < 0) return;
      if (length > 0) continue;
      wait(POLLIN);
      if (!PQconsumeInput(connection_)) return;
    }
  }

  // Returns when something happened or time went by; whoever waits looks again.
  void wait(int events) {
    const Interrupt* const listened_to = cancelled_at_ || question_.clean_up ? nullptr : state_.interrupt();
    milliseconds timeout = idle_interval;
    if (tick_) timeout = tick_interval;
    if (cancelled_at_) timeout = std::min(timeout, cancel_interval);

    const Wake wake = wait_for(PQsocket(connection_), static_cast<short>(events), listened_to, timeout);
    const auto now = Clock::now();
    if (wake == Wake::interrupted || (cancelled_at_ && now - *cancelled_at_ >= cancel_interval)) {
      cancelled_at_ = now;
      send_cancel();
    }
    if (tick_ && now - ticked_at_ >= tick_interval) {
      ticked_at_ = now;
      tick_(std::chrono::duration_cast<milliseconds>(now - started_));
    }
  }

  void send_cancel() {
    std::array<char, 256> reason{};
    const bool sent = PQcancel(state_.canceller.get(), reason.data(), static_cast<int>(reason.size())) == 1;
    log::debug("cancel request {}", sent ? "sent" : reason.data());
  }

  void finish() {
    result_.executed.duration = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - started_);
    if (!result_.error) return;
    ServerError& error = *result_.error;
    // The server's last words, like 57P01, come before the end of the link is seen.
    error.connection_lost = PQstatus(connection_) == CONNECTION_BAD;
    const bool asked_for = cancelled_at_ || (state_.interrupt() && state_.interrupt()->raised());
    if (!question_.clean_up && error.sqlstate == "57014" && asked_for) {
      error.interrupted = true;
      state_.interrupt_told = true;
    }
  }

  SessionState& state_;
  PGconn* connection_;
  const Question& question_;
  const Session::Tick& tick_;
  const Clock::time_point started_ = Clock::now();
  Clock::time_point ticked_at_ = started_;
  std::optional<Clock::time_point> cancelled_at_;
  Exchange result_;
};

// On one line, without secrets and lines of comments; what is long is cut.
std::string shown_statement(std::string_view sql, const SessionState& state) {
  constexpr std::size_t widest = 1000;
  std::string text;
  for (const auto line : split(sql.substr(0, 4 * widest), '\n')) {
    const auto words = trim(line);
    if (words.empty() || words.starts_with("--")) continue;
    if (!text.empty()) text += ' ';
    text += words;
  }
  return ellipsize(state.options.mask ? state.options.mask(text) : text, widest);
}

}  // namespace

ServerError interrupted_error() {
  ServerError error;
  error.message = "interrupted";
  error.interrupted = true;
  return error;
}

Exchange exchange(SessionState& state, const Question& question, const Session::Tick& tick) {
  Exchange refused;
  if (!question.clean_up && state.interrupt() && state.interrupt()->raised()) {
    state.interrupt_told = true;
    refused.error = interrupted_error();
    return refused;
  }
  // libpq takes a C string: the rest would be lost without a word.
  if (question.sql.find('\0') != std::string_view::npos) {
    refused.error.emplace().message = "the statement holds a NUL byte";
    return refused;
  }
  if (log::enabled(log::Level::trace)) {
    log::trace("sql: {}", state.options.mask ? state.options.mask(question.sql) : std::string(question.sql));
  }
  Exchange done = Conversation(state, question, tick).run();
  if (log::enabled(log::Level::debug)) {
    log::debug("{}: {}, {} us", shown_statement(question.sql, state),
               done.error ? done.error->message : done.executed.command_tag, done.executed.duration.count());
  }
  return done;
}

}  // namespace migrate::db
