#include "db/batch_walk.hpp"

#include <migrate/base/text.hpp>
#include <migrate/db/field.hpp>

#include "db/array_text.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace migrate::db {
namespace {

// An index in the usual order of its types: it serves comparisons of whole keys. Checked on 14 to 18.
constexpr std::string_view key_query = R"(SELECT a.attname, pg_catalog.format_type(a.atttypid, -1), n
FROM (SELECT i.indrelid, i.indkey::pg_catalog.int2[] AS columns, i.indnkeyatts
      FROM pg_catalog.pg_index i
      JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
      JOIN pg_catalog.pg_am m ON m.oid = c.relam AND m.amname = 'btree'
      WHERE i.indrelid = pg_catalog.to_regclass({}) AND i.indisunique AND i.indisvalid AND i.indisready
        AND i.indpred IS NULL AND i.indexprs IS NULL AND 0 = ALL (i.indoption::pg_catalog.int2[])
        AND NOT EXISTS (
          SELECT FROM pg_catalog.generate_series(0, i.indnkeyatts - 1) n
          JOIN pg_catalog.pg_attribute k ON k.attrelid = i.indrelid AND k.attnum = i.indkey[n]
          JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[n]
          WHERE NOT k.attnotnull OR NOT o.opcdefault OR i.indcollation[n] <> k.attcollation)
      ORDER BY i.indisprimary DESC, i.indnkeyatts, c.relname LIMIT 1) i
JOIN LATERAL pg_catalog.generate_series(1, i.indnkeyatts::pg_catalog.int4) n ON true
JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.columns[n - 1]
ORDER BY n)";

constexpr std::string_view aggregates_query = R"(SELECT DISTINCT p.proname FROM pg_catalog.pg_proc p
WHERE p.prokind IN ('a', 'w') AND p.proname = ANY ({}) ORDER BY 1)";

}  // namespace

std::string table_sql(const sql::Batch& batch) {
  const std::string name = quote_identifier(batch.table.name);
  return batch.table.schema.empty() ? name : quote_identifier(batch.table.schema) + "." + name;
}

std::string key_sql(const std::string& table_literal) { return fmt::format(fmt::runtime(key_query), table_literal); }

Result<std::optional<BatchKey>, ServerError> find_key(Session& session, const sql::Batch& batch) {
  const auto rows = session.query(key_sql(quote_literal(table_sql(batch))));
  if (!rows) return Unexpected{rows.error()};
  if (rows->empty()) return std::optional<BatchKey>();
  BatchKey key;
  for (const Row& row : *rows) {
    key.columns.push_back(row[0].value_or(""));
    key.types.push_back(row[1].value_or(""));
  }
  return std::optional(std::move(key));
}

Result<std::vector<std::string>, ServerError> find_aggregates(Session& session, const sql::Batch& batch) {
  std::vector<std::string> found;
  if (batch.called.empty()) return found;
  const auto rows = session.query(fmt::format(fmt::runtime(aggregates_query), array_expression(batch.called)));
  if (!rows) return Unexpected{rows.error()};
  for (const Row& row : *rows) found.push_back(row[0].value_or(""));
  return found;
}

BatchWalk::BatchWalk(const sql::Batch& batch, BatchKey key)
    : table_((batch.only ? "ONLY " : "") + table_sql(batch)), reference_(batch.reference), key_(std::move(key)) {}

std::string BatchWalk::columns(const std::string& reference) const {
  std::vector<std::string> names;
  for (const auto& column : key_.columns) names.push_back(reference + "." + quote_identifier(column));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string BatchWalk::values(const KeyValues& key) const {
  std::vector<std::string> literals;
  for (std::size_t i = 0; i < key.size(); ++i) literals.push_back(quote_literal(key[i]) + "::" + key_.types[i]);
  return fmt::format("{}", fmt::join(literals, ", "));
}

std::string BatchWalk::between(const std::string& reference, const KeyValues& after, const KeyValues& last) const {
  const std::string upper = fmt::format("({}) <= ({})", columns(reference), values(last));
  return after.empty() ? upper : fmt::format("({}) > ({}) AND {}", columns(reference), values(after), upper);
}

std::string BatchWalk::condition(const KeyValues& after, const KeyValues& last) const {
  return between(reference_, after, last);
}

std::string BatchWalk::end_sql() const {
  std::vector<std::string> keys, backwards;
  for (const auto& column : key_.columns) {
    keys.push_back(fmt::format("w.{}::pg_catalog.text", quote_identifier(column)));
    backwards.push_back(fmt::format("w.{} DESC", quote_identifier(column)));
  }
  return fmt::format("SELECT {} FROM {} AS w ORDER BY {} LIMIT 1", fmt::join(keys, ", "), table_,
                     fmt::join(backwards, ", "));
}

std::string BatchWalk::next_sql(const KeyValues& after, const KeyValues& end, std::size_t rows) const {
  std::vector<std::string> inner, outer;
  for (std::size_t i = 0; i < key_.columns.size(); ++i) {
    inner.push_back(fmt::format("w.{} AS k{}", quote_identifier(key_.columns[i]), i));
    outer.push_back(fmt::format("b.k{}::pg_catalog.text", i));
  }
  return fmt::format(
      "SELECT {0}, b.n FROM (SELECT {1}, pg_catalog.row_number() OVER (ORDER BY {2}) AS n FROM {3} AS w WHERE {4} "
      "ORDER BY {2} LIMIT {5}) b ORDER BY b.n DESC LIMIT 1",
      fmt::join(outer, ", "), fmt::join(inner, ", "), columns("w"), table_, between("w", after, end), rows);
}

std::optional<Stretch> BatchWalk::read_next(const std::vector<Row>& answer) {
  if (answer.empty()) return std::nullopt;
  Stretch stretch;
  const Row& row = answer.front();
  for (std::size_t i = 0; i + 1 < row.size(); ++i) stretch.last.push_back(row[i].value_or(""));
  stretch.rows = to_number<std::int64_t>(row.back()).value_or(0);
  return stretch;
}

std::string BatchWalk::rest_sql(const KeyValues& after, const KeyValues& end) const {
  const std::string where = after.empty() ? "" : " WHERE " + between("w", after, end);
  return fmt::format("EXPLAIN (FORMAT JSON) SELECT FROM {} AS w{}", table_, where);
}

}  // namespace migrate::db
