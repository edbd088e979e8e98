#include "db/batch_walk.hpp"

#include <migrate/base/text.hpp>
#include <migrate/db/field.hpp>

#include "db/array_text.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace migrate::db {
namespace {

// An index in the usual order of its types: it serves comparisons of whole keys. A domain has no operators of its own,
// and conditions that old values may break. Checked on 14 to 18.
constexpr std::string_view key_query = R"(SELECT a.attname, pg_catalog.format_type(t.base, -1), n,
  CASE WHEN t.base <> a.atttypid THEN '::' || pg_catalog.format_type(t.base, -1) ELSE '' END, o.gt, o.ge, o.le, o.eq
FROM (SELECT i.indrelid, i.indkey::pg_catalog.int2[] AS columns, i.indclass::pg_catalog.oid[] AS classes, i.indnkeyatts
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
JOIN LATERAL (
  WITH RECURSIVE over(id, kind, below) AS (
    SELECT t.oid, t.typtype, t.typbasetype FROM pg_catalog.pg_type t WHERE t.oid = a.atttypid
    UNION ALL SELECT t.oid, t.typtype, t.typbasetype FROM over JOIN pg_catalog.pg_type t ON t.oid = over.below
    WHERE over.kind = 'd')
  SELECT over.id AS base FROM over WHERE over.kind <> 'd') t ON true
JOIN LATERAL (
  SELECT pg_catalog.max(p.name) FILTER (WHERE p.strategy = 5) AS gt, pg_catalog.max(p.name) FILTER (WHERE p.strategy = 4) AS ge,
         pg_catalog.max(p.name) FILTER (WHERE p.strategy = 2) AS le, pg_catalog.max(p.name) FILTER (WHERE p.strategy = 3) AS eq
  FROM (SELECT s.amopstrategy AS strategy, pg_catalog.format('OPERATOR(%I.%s)', ns.nspname, x.oprname) AS name
        FROM pg_catalog.pg_opclass c
        JOIN pg_catalog.pg_amop s ON s.amopfamily = c.opcfamily AND s.amoplefttype = c.opcintype
          AND s.amoprighttype = c.opcintype AND s.amoppurpose = 's'
        JOIN pg_catalog.pg_operator x ON x.oid = s.amopopr
        JOIN pg_catalog.pg_namespace ns ON ns.oid = x.oprnamespace
        WHERE c.oid = i.classes[n - 1]) p) o ON true
ORDER BY n)";

constexpr std::string_view table_query = R"(SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = pg_catalog.to_regclass({}))";

// Obstacles: {0}: the table, {1}: the same for people, {2}: the query of its key, {3}: the INSERT's target, {4}: the
// same for people, {5}: below. `relatives` are all that share a tree of partitions or inheritance with the table.
// Checked on 14 to 18.
constexpr std::string_view relatives = R"(WITH RECURSIVE relatives(id) AS (
  SELECT pg_catalog.to_regclass({0})::pg_catalog.oid
  UNION SELECT CASE WHEN i.inhparent = r.id THEN i.inhrelid ELSE i.inhparent END
  FROM relatives r JOIN pg_catalog.pg_inherits i ON r.id IN (i.inhparent, i.inhrelid)), below(id) AS (
  SELECT pg_catalog.to_regclass({0})::pg_catalog.oid
  UNION SELECT i.inhrelid FROM below b JOIN pg_catalog.pg_inherits i ON i.inhparent = b.id)
SELECT o.id, o.message, o.hint FROM ({1}) AS o(id, message, hint) LIMIT 1)";

// A child may have lost the NOT NULL of a column, or hold it as not yet valid.
constexpr std::string_view null_obstacle = R"(SELECT 'batch-without-key',
  pg_catalog.format('`%s`, which inherits from `%s`, may have NULL in `%s`, which is in the key',
    b.id::pg_catalog.regclass, {1}::pg_catalog.text, k.c),
  'make the column NOT NULL there, or change `ONLY` each of the tables'
FROM below b CROSS JOIN ({2}) AS k(c, t, o)
JOIN pg_catalog.pg_attribute a ON a.attrelid = b.id AND a.attname = k.c WHERE NOT a.attnotnull)";

constexpr std::string_view generated_obstacle = R"(SELECT 'batch-changes-key',
  pg_catalog.format('`%s`, which is in the key of `%s`, is generated from other columns', k.c, {1}::pg_catalog.text),
  'the walk goes along that key, and would meet rows twice or miss them'
FROM ({2}) AS k(c, t, o)
JOIN pg_catalog.pg_attribute a ON a.attrelid = pg_catalog.to_regclass({0}) AND a.attname = k.c
WHERE a.attgenerated <> '')";

// Each batch would leave rows that the WHERE of the next ones takes, and the statement itself does not.
constexpr std::string_view reference_obstacle = R"(SELECT 'invalid-batch',
  pg_catalog.format('to delete rows of `%s` changes others of its rows: `%s` is ON DELETE SET %s', {1}::pg_catalog.text,
    c.conname, CASE c.confdeltype WHEN 'n' THEN 'NULL' ELSE 'DEFAULT' END),
  'a later batch would take what an earlier one has changed: remove `-- migrate:batch`'
FROM pg_catalog.pg_constraint c WHERE c.contype = 'f' AND c.confdeltype IN ('n', 'd')
  AND c.conrelid IN (SELECT id FROM relatives) AND c.confrelid IN (SELECT id FROM relatives))";

constexpr std::string_view target_obstacle = R"(SELECT 'invalid-batch', CASE WHEN c.relkind = 'v'
    THEN pg_catalog.format('it adds rows to the view `%s`: nobody can tell to which table', {4}::pg_catalog.text)
    ELSE pg_catalog.format('it adds rows to `%s`, and walks along `%s`, which is of the same tree of tables',
      {4}::pg_catalog.text, {1}::pg_catalog.text) END,
  'a later batch could meet them, and add theirs too; let it add them to a table of their own'
FROM pg_catalog.pg_class c WHERE c.oid = pg_catalog.to_regclass({3})
  AND (c.relkind = 'v' OR c.oid IN (SELECT id FROM relatives)))";

// A view reads what its rule depends on. {5}: the joined tables as an array.
constexpr std::string_view joined_obstacle = R"(SELECT 'invalid-batch',
  pg_catalog.format(CASE WHEN j.oid IN (SELECT id FROM relatives)
    THEN 'it joins `%s`, which is of the same tree of tables as `%s`: each batch would see what those before it have done'
    ELSE 'it joins the view `%s`, which reads `%s`: each batch would see what those before it have done' END,
    j.oid::pg_catalog.regclass, {1}::pg_catalog.text),
  'put what it reads of that table into a table of its own first, and join that one'
FROM (SELECT pg_catalog.to_regclass(n)::pg_catalog.oid AS oid FROM pg_catalog.unnest({5}) AS n) j
WHERE EXISTS (
  WITH RECURSIVE read(id) AS (
    SELECT j.oid
    UNION SELECT d.refobjid FROM read r JOIN pg_catalog.pg_class v ON v.oid = r.id AND v.relkind = 'v'
    JOIN pg_catalog.pg_rewrite w ON w.ev_class = v.oid
    JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objid = w.oid
      AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid <> r.id)
  SELECT FROM read WHERE id IN (SELECT id FROM relatives)))";

// What is not yet told to others: it grows within a transaction, and with nothing else. Checked on 14 to 18.
constexpr std::string_view deleted_query = R"(WITH RECURSIVE below(id) AS (
  SELECT pg_catalog.to_regclass({})::pg_catalog.oid
  UNION SELECT i.inhrelid FROM below b JOIN pg_catalog.pg_inherits i ON i.inhparent = b.id)
SELECT CASE WHEN pg_catalog.current_setting('track_counts')::pg_catalog.bool
       THEN pg_catalog.sum(pg_catalog.pg_stat_get_xact_tuples_deleted(id)) END FROM below)";

constexpr std::string_view aggregates_query = R"(SELECT DISTINCT p.proname FROM pg_catalog.pg_proc p
WHERE p.prokind IN ('a', 'w') AND p.proname = ANY ({}) ORDER BY 1)";

std::string operand(std::string column, const KeyColumn& of) {
  return of.domain ? fmt::format("{}::{}", column, of.type) : std::move(column);
}

std::string name_sql(const sql::QualifiedName& table) {
  const std::string name = quote_identifier(table.name);
  return table.schema.empty() ? name : quote_identifier(table.schema) + "." + name;
}

}  // namespace

std::string table_sql(const sql::Batch& batch) { return name_sql(batch.table); }

std::string key_sql(const std::string& table_literal) { return fmt::format(fmt::runtime(key_query), table_literal); }

Result<std::optional<BatchKey>, ServerError> find_key(Session& session, const sql::Batch& batch) {
  const auto rows = session.query(key_sql(quote_literal(table_sql(batch))));
  if (!rows) return Unexpected{rows.error()};
  if (rows->empty()) return std::optional<BatchKey>();
  BatchKey key;
  for (const Row& row : *rows) {
    const auto text = [&row](std::size_t column) { return row[column].value_or(std::string()); };
    key.columns.push_back({.name = text(0),
                           .type = text(1),
                           .domain = !text(3).empty(),
                           .greater = text(4),
                           .at_least = text(5),
                           .at_most = text(6),
                           .equal = text(7)});
  }
  return std::optional(std::move(key));
}

std::string full_name_sql(const sql::Batch& batch) {
  return fmt::format(fmt::runtime(table_query), quote_literal(table_sql(batch)));
}

Result<std::string, ServerError> find_table(Session& session, const sql::Batch& batch) {
  const auto rows = session.query(full_name_sql(batch));
  if (!rows) return Unexpected{rows.error()};
  return rows->empty() ? std::string() : rows->front()[0].value_or("");
}

std::string obstacle_sql(const sql::Batch& batch) {
  std::vector<std::string_view> parts;
  if (batch.kind == sql::BatchKind::insert) parts.push_back(target_obstacle);
  if (batch.kind == sql::BatchKind::update) parts.push_back(generated_obstacle);
  if (batch.kind == sql::BatchKind::remove) parts.push_back(reference_obstacle);
  if (!batch.only) parts.push_back(null_obstacle);
  std::vector<std::string> joined;
  for (const auto& name : batch.joined) joined.push_back(name_sql(name));
  if (!joined.empty()) parts.push_back(joined_obstacle);
  const std::string table = quote_literal(table_sql(batch));
  const std::string obstacles =
      fmt::format(fmt::runtime(fmt::format("{}", fmt::join(parts, "\nUNION ALL "))), table,
                  quote_literal(to_text(batch.table)), key_sql(table), quote_literal(name_sql(batch.target)),
                  quote_literal(to_text(batch.target)), array_expression(joined));
  return fmt::format(fmt::runtime(relatives), table, obstacles);
}

Result<std::optional<Obstacle>, ServerError> find_obstacle(Session& session, const sql::Batch& batch) {
  const auto rows = session.query(obstacle_sql(batch));
  if (!rows) return Unexpected{rows.error()};
  if (rows->empty()) return std::optional<Obstacle>();
  const Row& row = rows->front();
  return std::optional(Obstacle{row[0].value_or(""), row[1].value_or(""), row[2].value_or("")});
}

Result<std::vector<std::string>, ServerError> find_aggregates(Session& session, const sql::Batch& batch) {
  std::vector<std::string> found;
  if (batch.called.empty()) return found;
  const auto rows = session.query(fmt::format(fmt::runtime(aggregates_query), array_expression(batch.called)));
  if (!rows) return Unexpected{rows.error()};
  for (const Row& row : *rows) found.push_back(row[0].value_or(""));
  return found;
}

std::string deleted_sql(const sql::Batch& batch) {
  return fmt::format(fmt::runtime(deleted_query), quote_literal(table_sql(batch)));
}

std::vector<std::string> BatchKey::names() const {
  std::vector<std::string> result;
  for (const auto& column : columns) result.push_back(column.name);
  return result;
}

BatchWalk::BatchWalk(const sql::Batch& batch, BatchKey key)
    : table_((batch.only ? "ONLY " : "") + table_sql(batch)), reference_(batch.reference), key_(std::move(key)) {}

// Rows are compared by an operator that is the same for all columns; then the index finds them. With several, the
// first column's bound does.
std::string BatchWalk::compare(const std::string& reference, std::string KeyColumn::*last,
                               std::string KeyColumn::*others, const KeyValues& key) const {
  const auto& columns = key_.columns;
  std::vector<std::string> names, values;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    names.push_back(operand(reference + "." + quote_identifier(columns[i].name), columns[i]));
    values.push_back(quote_literal(key[i]) + "::" + columns[i].type);
  }
  const std::string& first = columns.front().*last;
  if (std::all_of(columns.begin(), columns.end(), [&](const KeyColumn& one) { return one.*last == first; })) {
    return fmt::format("({}) {} ({})", fmt::join(names, ", "), first, fmt::join(values, ", "));
  }
  std::string condition = fmt::format("{} {} {}", names.back(), columns.back().*last, values.back());
  for (std::size_t i = columns.size() - 1; i-- > 0;) {
    condition = fmt::format("({0} {1} {2} AND (NOT {0} {3} {2} OR {4}))", names[i], columns[i].*others, values[i],
                            columns[i].equal, condition);
  }
  return condition;
}

std::string BatchWalk::between(const std::string& reference, const KeyValues& after, const KeyValues& last) const {
  const std::string upper = compare(reference, &KeyColumn::at_most, &KeyColumn::at_most, last);
  if (after.empty()) return upper;
  return compare(reference, &KeyColumn::greater, &KeyColumn::at_least, after) + " AND " + upper;
}

std::string BatchWalk::condition(const KeyValues& after, const KeyValues& last) const {
  return between(reference_, after, last);
}

std::string BatchWalk::end_sql() const {
  std::vector<std::string> keys, backwards;
  for (const auto& column : key_.columns) {
    keys.push_back(fmt::format("w.{}", quote_identifier(column.name)));
    backwards.push_back(keys.back() + " DESC");
  }
  return fmt::format("SELECT {} FROM {} AS w ORDER BY {} LIMIT 1", fmt::join(keys, ", "), table_,
                     fmt::join(backwards, ", "));
}

std::string BatchWalk::next_sql(const KeyValues& after, const KeyValues& end, std::size_t rows) const {
  // As the types write their values: a cast to text may be a function of the user's.
  std::vector<std::string> order, inner, outer, same;
  for (std::size_t i = 0; i < key_.columns.size(); ++i) {
    const KeyColumn& column = key_.columns[i];
    order.push_back("w." + quote_identifier(column.name));
    inner.push_back(fmt::format("{} AS k{}", order.back(), i));
    outer.push_back(fmt::format("b.k{}", i));
    same.push_back(fmt::format("{} {} pg_catalog.format('%s', {})::{}", operand(outer.back(), column), column.equal,
                               outer.back(), column.type));
  }
  return fmt::format(
      "SELECT {0}, {6}, b.n FROM (SELECT {1}, pg_catalog.row_number() OVER (ORDER BY {2}) AS n FROM {3} AS w "
      "WHERE {4} ORDER BY {2} LIMIT {5}) b ORDER BY b.n DESC LIMIT 1",
      fmt::join(outer, ", "), fmt::join(inner, ", "), fmt::join(order, ", "), table_, between("w", after, end), rows,
      fmt::join(same, " AND "));
}

std::optional<Stretch> BatchWalk::read_next(const std::vector<Row>& answer) {
  if (answer.empty()) return std::nullopt;
  Stretch stretch;
  const Row& row = answer.front();
  for (std::size_t i = 0; i + 2 < row.size(); ++i) stretch.last.push_back(row[i].value_or(""));
  stretch.exact = row[row.size() - 2] == "t";
  stretch.rows = to_number<std::int64_t>(row.back()).value_or(0);
  return stretch;
}

std::string BatchWalk::rest_sql(const KeyValues& after, const KeyValues& end) const {
  const std::string where = after.empty() ? "" : " WHERE " + between("w", after, end);
  return fmt::format("EXPLAIN (FORMAT JSON) SELECT FROM {} AS w{}", table_, where);
}

// The server's own guess.
std::optional<std::int64_t> BatchWalk::read_rest(const std::vector<Row>& plan) {
  constexpr std::string_view key = "\"Plan Rows\": ";
  if (plan.empty() || !plan.front()[0]) return std::nullopt;
  const std::string& text = *plan.front()[0];
  const auto at = text.find(key);
  if (at == std::string::npos) return std::nullopt;
  return to_number<std::int64_t>(text.substr(at + key.size()));
}

}  // namespace migrate::db
