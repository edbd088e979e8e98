#include <migrate/db/journal_place.hpp>

namespace migrate::db {
namespace {

// Checked on 14 to 18.
constexpr std::string_view place_query = R"(SELECT coalesce(
  (SELECT n.nspname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
   WHERE c.oid = pg_catalog.to_regclass('migrate_revision') AND c.relkind = 'r' AND c.relpersistence <> 't'),
  pg_catalog.current_schema()))";

}  // namespace

Result<std::string, ServerError> find_journal_schema(Session& session) {
  const auto rows = session.query(place_query);
  if (!rows) return Unexpected{rows.error()};
  return rows->front()[0].value_or(std::string());
}

}  // namespace migrate::db
