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
constexpr std::string_view read_query = R"(SELECT j.row ? 'batch', j.batch ->> 'direction', j.batch ->> 'statement',
  ARRAY(SELECT pg_catalog.jsonb_array_elements_text(j.batch -> 'key'))::pg_catalog.text,
  ARRAY(SELECT pg_catalog.jsonb_array_elements_text(j.batch -> 'after'))::pg_catalog.text,
  ARRAY(SELECT pg_catalog.jsonb_array_elements_text(j.batch -> 'end'))::pg_catalog.text,
  j.batch ->> 'batches', j.batch ->> 'rows', j.batch ->> 'seen'
FROM (SELECT pg_catalog.to_jsonb(r) AS row, pg_catalog.to_jsonb(r) -> 'batch' AS batch
      FROM {} r WHERE revision = $1) j)";

}  // namespace

std::string Journal::batch_done_sql(const revision::RevisionId& id, Direction direction,
                                    const BatchRecord& record) const {
  return fmt::format(
      "UPDATE {} SET batch = pg_catalog.jsonb_build_object('direction', '{}', 'statement', {}, 'key', {}, 'after', {}, "
      "'end', {}, 'batches', {}, 'rows', {}, 'seen', {}) WHERE revision = {}",
      JournalTables(schema_).revision, word(direction), record.statement, array_expression(record.key),
      array_expression(record.after), array_expression(record.end), record.batches, record.rows, record.seen,
      quote_literal(id.str()));
}

std::string Journal::last_batch_done_sql(const revision::RevisionId& id, int steps_done) const {
  return fmt::format("UPDATE {} SET steps_done = {}, batch = NULL WHERE revision = {}", JournalTables(schema_).revision,
                     steps_done, quote_literal(id.str()));
}

Result<std::optional<BatchRecord>, ServerError> Journal::read_batch(Session& session, const revision::RevisionId& id,
                                                                    Direction direction, int statement) const {
  const JournalTables tables(schema_);
  const std::array<std::optional<std::string>, 1> parameters{id.str()};
  const auto rows = session.query(fmt::format(fmt::runtime(read_query), tables.revision), parameters);
  if (!rows) return Unexpected{rows.error()};
  if (rows->empty()) return std::optional<BatchRecord>();
  const Row& row = rows->front();
  if (row[0] != "t") {
    auto made = session.execute(fmt::format("ALTER TABLE {} ADD COLUMN IF NOT EXISTS batch jsonb", tables.revision));
    if (!made) return Unexpected{made.error()};
    return std::optional<BatchRecord>();
  }
  if (row[1] != word(direction) || to_number<int>(row[2]) != statement) return std::optional<BatchRecord>();
  BatchRecord record;
  record.statement = statement;
  record.key = parse_array(row[3].value_or("{}"));
  record.after = parse_array(row[4].value_or("{}"));
  record.end = parse_array(row[5].value_or("{}"));
  record.batches = to_number<std::int64_t>(row[6]).value_or(0);
  record.rows = to_number<std::int64_t>(row[7]).value_or(0);
  record.seen = to_number<std::int64_t>(row[8]).value_or(0);
  return std::optional(std::move(record));
}

}  // namespace migrate::db
