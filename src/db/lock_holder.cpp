#include "db/lock_holder.hpp"

#include <migrate/base/time.hpp>
#include <migrate/db/field.hpp>

#include <fmt/format.h>

namespace migrate::db {
namespace {

// Checked on 14 to 18.
constexpr std::string_view query = R"(SELECT DISTINCT ON (l.pid) l.pid, a.usename, a.application_name,
  coalesce(a.client_hostname, pg_catalog.host(a.client_addr)), a.state,
  extract(epoch FROM pg_catalog.clock_timestamp() - coalesce(a.state_change, a.query_start)),
  extract(epoch FROM pg_catalog.clock_timestamp() - a.backend_start)
FROM pg_catalog.pg_locks l LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
WHERE l.granted AND {}
ORDER BY l.pid)";

std::optional<std::chrono::seconds> to_seconds(const std::optional<std::string>& field) {
  const auto count = to_number<std::int64_t>(field);
  return count ? std::optional(std::chrono::seconds(*count)) : std::nullopt;
}

}  // namespace

std::string holders_sql(std::string_view condition) { return fmt::format(fmt::runtime(query), condition); }

LockHolder read_holder(const Row& row) {
  return {.pid = to_number<int>(row[0]).value_or(0),
          .user = row[1].value_or(std::string()),
          .application = row[2].value_or(std::string()),
          .client = row[3].value_or(std::string()),
          .state = row[4].value_or(std::string()),
          .since = to_seconds(row[5]),
          .connected = to_seconds(row[6])};
}

std::string describe(const LockHolder& holder) {
  std::string text = fmt::format("pid {}", holder.pid);
  std::string details = holder.user;
  const auto add = [&details](const std::string& part) {
    if (!part.empty()) details += (details.empty() ? "" : ", ") + part;
  };
  add(holder.application);
  if (!holder.client.empty()) add("from " + holder.client);
  add(holder.state);
  if (holder.since) details += " for " + format_duration(*holder.since);
  return details.empty() ? text : fmt::format("{} ({})", text, details);
}

}  // namespace migrate::db
