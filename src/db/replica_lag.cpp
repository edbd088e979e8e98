#include "db/replica_lag.hpp"

#include <migrate/db/field.hpp>

#include <algorithm>

#include <fmt/format.h>

namespace migrate::db {
namespace {

using std::chrono::milliseconds;

// A replica's own figure is null until it has moved once, and stays for a while when it has all: positions tell more.
// Without a row for replicas there is still one of nulls. Checked on 14 to 18.
constexpr std::string_view query = R"(SELECT
  pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')::pg_catalog.int8,
  r.pid IS NOT NULL, r.state, r.application_name,
  pg_catalog.pg_wal_lsn_diff(r.replay_lsn, '0/0')::pg_catalog.int8,
  (extract(epoch FROM r.replay_lag) * 1000)::pg_catalog.int8
FROM (SELECT) one LEFT JOIN pg_catalog.pg_stat_replication r ON r.state IS DISTINCT FROM 'backup')";

std::int64_t count_in(const std::optional<std::string>& field) { return to_number<std::int64_t>(field).value_or(0); }

ServerError unseen(const DatabaseInfo& info) {
  ServerError error;
  error.sqlstate = "42501";
  error.message = fmt::format("`{}` may not see how far replicas are behind, as max_lag asks", info.user);
  error.hint = fmt::format("GRANT pg_monitor TO {}", info.user);
  return error;
}

}  // namespace

milliseconds ReplicaLag::age_behind(std::int64_t replayed) const {
  const auto missing =
      std::find_if(marks_.begin(), marks_.end(), [&](const Mark& mark) { return mark.position > replayed; });
  if (missing == marks_.end()) return milliseconds(0);
  return std::chrono::duration_cast<milliseconds>(Clock::now() - missing->reached);
}

Result<std::optional<LaggingReplica>, ServerError> ReplicaLag::look() {
  const auto rows = session_.query(query);
  if (!rows) return Unexpected{rows.error()};
  const std::int64_t now = count_in(rows->front()[0]);
  if (marks_.empty() || marks_.back().position < now) marks_.push_back({now, Clock::now()});

  std::optional<LaggingReplica> worst;
  std::int64_t everywhere = now;
  for (const Row& row : *rows) {
    if (row[1] != "t") continue;
    if (!row[2]) return Unexpected{unseen(session_.info())};
    const std::int64_t replayed = count_in(row[4]);
    everywhere = std::min(everywhere, replayed);
    if (replayed >= now) continue;
    const milliseconds lag = std::max(age_behind(replayed), milliseconds(count_in(row[5])));
    if (!worst || lag > worst->lag) worst = {row[3].value_or(""), lag};
  }
  while (!marks_.empty() && marks_.front().position <= everywhere) marks_.pop_front();
  return worst;
}

}  // namespace migrate::db
