// What the journal keeps of a statement that runs in batches.
#include <migrate/db/journal.hpp>

#include <migrate/db/field.hpp>

#include "db/array_text.hpp"
#include "db/journal_tables.hpp"

#include <array>

#include <fmt/format.h>

namespace migrate::db {
namespace {

// By way of the whole row: a journal that was made before there were batches lacks the column.
constexpr std::string_view read_query = R"(SELECT j.batch ->> 'direction', j.batch ->> 'statement',
  ARRAY(SELECT pg_catalog.jsonb_array_elements_text(j.batch -> 'key'))::pg_catalog.text,
  ARRAY(SELECT pg_catalog.jsonb_array_elements_text(j.batch -> 'after'))::pg_catalog.text,
  ARRAY(SELECT pg_catalog.jsonb_array_elements_text(j.batch -> 'end'))::pg_catalog.text,
  j.batch ->> 'batches', j.batch ->> 'rows', j.batch ->> 'seen', j.batch ->> 'table', j.batch ->> 'shape'
FROM (SELECT pg_catalog.to_jsonb(r) -> 'batch' AS batch FROM {} r WHERE revision = $1) j
WHERE pg_catalog.jsonb_typeof(j.batch) = 'object')";

constexpr std::string_view place_query = R"(SELECT 1 FROM pg_catalog.pg_attribute
WHERE attrelid = pg_catalog.to_regclass($1) AND attname = 'batch' AND NOT attisdropped)";

}  // namespace

std::string Journal::batch_done_sql(const revision::RevisionId& id, Direction direction,
                                    const BatchRecord& record) const {
  return fmt::format(
      "UPDATE {} SET batch = pg_catalog.jsonb_build_object('direction', '{}', 'statement', {}, 'table', {}, 'shape', "
      "{}, "
      "'key', {}, "
      "'after', {}, 'end', {}, 'batches', {}, 'rows', {}, 'seen', {}) WHERE revision = {}",
      JournalTables(schema_).revision, word(direction), record.statement, quote_literal(record.table),
      quote_literal(record.shape), array_expression(record.key), array_expression(record.after),
      array_expression(record.end), record.batches, record.rows, record.seen, quote_literal(id.str()));
}

std::string Journal::last_batch_done_sql(const revision::RevisionId& id, int steps_done) const {
  return fmt::format("UPDATE {} SET steps_done = {}, batch = NULL WHERE revision = {}", JournalTables(schema_).revision,
                     steps_done, quote_literal(id.str()));
}

Result<std::optional<BatchRecord>, ServerError> Journal::read_batch(Session& session, const revision::RevisionId& id,
                                                                    Direction direction) const {
  const std::array<std::optional<std::string>, 1> parameters{id.str()};
  const auto rows = session.query(fmt::format(fmt::runtime(read_query), JournalTables(schema_).revision), parameters);
  if (!rows) return Unexpected{rows.error()};
  if (rows->empty() || rows->front()[0] != word(direction)) return std::optional<BatchRecord>();
  const Row& row = rows->front();
  BatchRecord record;
  record.statement = to_number<int>(row[1]).value_or(0);
  record.key = parse_array(row[2].value_or("{}"));
  record.after = parse_array(row[3].value_or("{}"));
  record.end = parse_array(row[4].value_or("{}"));
  record.batches = to_number<std::int64_t>(row[5]).value_or(0);
  record.rows = to_number<std::int64_t>(row[6]).value_or(0);
  record.seen = to_number<std::int64_t>(row[7]).value_or(0);
  record.table = row[8].value_or("");
  record.shape = row[9].value_or("");
  return std::optional(std::move(record));
}

Result<void, ServerError> Journal::make_place_for_batches(Session& session) const {
  const std::string table = JournalTables(schema_).revision;
  const std::array<std::optional<std::string>, 1> parameters{table};
  const auto found = session.query(place_query, parameters);
  if (!found) return Unexpected{found.error()};
  if (!found->empty()) return {};
  auto made = session.execute(fmt::format("ALTER TABLE {} ADD COLUMN IF NOT EXISTS batch jsonb", table));
  if (!made) return Unexpected{made.error()};
  return {};
}

}  // namespace migrate::db
