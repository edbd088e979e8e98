#include "db/lock_watch.hpp"

#include <migrate/base/log.hpp>

#include "db/session_state.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace migrate::db {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds shortest_interval{100};
constexpr milliseconds longest_interval{1000};

// Process 0 is a prepared transaction. No row data and no query text. Checked on 14 to 18.
constexpr std::string_view blockers_query = R"(SELECT b.pid, a.usename, a.application_name, a.state,
  extract(epoch FROM pg_catalog.clock_timestamp() - a.xact_start)::bigint
FROM (SELECT DISTINCT pid FROM pg_catalog.unnest(pg_catalog.pg_blocking_pids($1::integer)) pid) b
LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = b.pid
ORDER BY a.xact_start NULLS LAST, b.pid LIMIT 10)";

template <class Number>
Number to_number(const std::optional<std::string>& text) {
  Number value{};
  if (text) std::from_chars(text->data(), text->data() + text->size(), value);
  return value;
}

}  // namespace

LockWatch::LockWatch(Session& session, milliseconds lock_timeout)
    : session_(session), interval_(std::clamp(lock_timeout / 4, shortest_interval, longest_interval)), next_(interval_) {
  out_of_order_ = lock_timeout.count() <= 0;
}

void LockWatch::forget() {
  seen_.clear();
  next_ = interval_;
}

void LockWatch::look(milliseconds running) {
  if (out_of_order_ || running < next_) return;
  next_ = running + interval_;
  if (!second_) {
    // An interrupt is for the statement: this connection only looks.
    ConnectOptions options = SessionAccess::state(session_).options;
    options.interrupt = nullptr;
    options.role.clear();  // who may see more of others is the user, not the role
    options.wait = milliseconds(0);
    auto connected = Session::connect(options);
    if (!connected) {
      log::debug("no second connection to see who blocks: {}", connected.error().diagnostics.front().message);
      out_of_order_ = true;
      return;
    }
    second_.emplace(*std::move(connected));
  }
  const std::array<std::optional<std::string>, 1> process{fmt::format("{}", session_.info().backend_pid)};
  const auto rows = second_->query(blockers_query, process);
  if (!rows) {
    out_of_order_ = true;
    return;
  }
  if (rows->empty()) return;
  seen_.clear();
  for (const Row& row : *rows) {
    Blocker blocker{.pid = to_number<int>(row[0]),
                    .user = row[1].value_or(std::string()),
                    .application = row[2].value_or(std::string()),
                    .state = row[3].value_or(std::string()),
                    .since = std::nullopt};
    if (row[4]) blocker.since = std::chrono::seconds(to_number<std::int64_t>(row[4]));
    seen_.push_back(std::move(blocker));
  }
}

}  // namespace migrate::db
