#include "db/leftovers.hpp"

#include <algorithm>
#include <iterator>

namespace migrate::db {
namespace {

constexpr int first_with_detach_concurrently = 140000;

// Checked on 14 to 18.
constexpr std::string_view invalid_indexes = R"(
SELECT pg_catalog.format('invalid index %I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT i.indisvalid)";

constexpr std::string_view half_detached_partitions = R"(
UNION ALL
SELECT pg_catalog.format('partition %I.%I half detached', n.nspname, c.relname)
FROM pg_catalog.pg_inherits h
JOIN pg_catalog.pg_class c ON c.oid = h.inhrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE h.inhdetachpending)";

}  // namespace

Result<Leftovers, ServerError> read_leftovers(Session& session) {
  const bool detach = session.info().server_version_num >= first_with_detach_concurrently;
  auto rows = session.query(std::string(invalid_indexes) + std::string(detach ? half_detached_partitions : ""));
  if (!rows) return Unexpected{std::move(rows).error()};
  Leftovers found;
  for (const Row& row : *rows) found.push_back(row.front().value_or(std::string()));
  std::sort(found.begin(), found.end());
  return found;
}

Leftovers added(const Leftovers& before, const Leftovers& after) {
  Leftovers difference;
  std::set_difference(after.begin(), after.end(), before.begin(), before.end(), std::back_inserter(difference));
  return difference;
}

}  // namespace migrate::db
