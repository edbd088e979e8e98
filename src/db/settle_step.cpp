#include "db/settle_step.hpp"

#include <migrate/base/text.hpp>

#include "db/index_state.hpp"

#include <array>

#include <fmt/format.h>

namespace migrate::db {
namespace {

using Kind = sql::LastingEffect::Kind;
using Verdict = StepFinding::Verdict;
using Looked = Result<StepFinding, ServerError>;

constexpr int first_with_detach_concurrently = 140000;

constexpr std::string_view relation_query = "SELECT pg_catalog.to_regclass($1) IS NOT NULL";
constexpr std::string_view further_query = R"(SELECT EXISTS (
  SELECT FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.oid = pg_catalog.to_regclass($1) AND n.nspname <> pg_catalog.current_schema()))";
constexpr std::string_view database_query = "SELECT EXISTS (SELECT FROM pg_catalog.pg_database WHERE datname = $1)";
constexpr std::string_view tablespace_query = "SELECT EXISTS (SELECT FROM pg_catalog.pg_tablespace WHERE spcname = $1)";

constexpr std::string_view detach_query = R"(SELECT h.inhdetachpending FROM pg_catalog.pg_inherits h
WHERE h.inhrelid = pg_catalog.to_regclass($1) AND h.inhparent = pg_catalog.to_regclass($2))";

// Those of REINDEX CONCURRENTLY: the new one that was not finished, or the old one that was not dropped. $1: an index;
// $2: a table, whose TOAST table counts too; of a partitioned one, those of its partitions; $3: a schema. Checked on 14
// to 18.
constexpr std::string_view reindex_leftovers_query = R"(
WITH named AS (
  SELECT pg_catalog.to_regclass($1)::oid AS index_id, pg_catalog.to_regclass($2)::oid AS table_id
), meant AS (
  SELECT table_id AS id FROM named
  UNION SELECT t.relid FROM named, pg_catalog.pg_partition_tree(table_id) t
  UNION SELECT x.indrelid FROM pg_catalog.pg_index x WHERE x.indexrelid IN (
    SELECT index_id FROM named UNION SELECT t.relid FROM named, pg_catalog.pg_partition_tree(index_id) t)
)
SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
LEFT JOIN pg_catalog.pg_class o ON o.reltoastrelid = t.oid
WHERE NOT i.indisvalid AND c.relname ~ '_cc(new|old)[0-9]*$'
  AND ($1::text IS NULL OR t.oid IN (SELECT id FROM meant))
  AND ($2::text IS NULL OR coalesce(o.oid, t.oid) IN (SELECT id FROM meant))
  AND ($3::text IS NULL OR coalesce(o.relnamespace, t.relnamespace) =
                           (SELECT s.oid FROM pg_catalog.pg_namespace s WHERE s.nspname = $3))
ORDER BY 1)";

using Parameters = std::vector<std::optional<std::string>>;

// As people write it.
std::string shown(const sql::CatalogName& name) { return (name.schema.empty() ? "" : name.schema + ".") + name.name; }

Result<bool, ServerError> ask(Session& session, std::string_view sql, const Parameters& parameters) {
  const auto rows = session.query(sql, parameters);
  if (!rows) return Unexpected{rows.error()};
  return !rows->empty() && rows->front()[0] == "t";
}

StepFinding rebuild(const FoundIndex& index) {
  return {.verdict = Verdict::run,
          .mending = {"DROP INDEX CONCURRENTLY " + index.name},
          .words = fmt::format("index {} is invalid: it is dropped and built again", index.name)};
}

Looked look_for_named(Session& session, const sql::LastingEffect& effect, std::string_view text,
                      const FoundIndex& found) {
  if (!found.of_table) {
    return StepFinding{Verdict::unclear,
                       {},
                       fmt::format("{} is there already, and is no index of {}", found.name, shown(effect.table))};
  }
  if (!found.valid) return rebuild(found);
  // Whoever writes IF NOT EXISTS takes what has the name.
  if (effect.conditional) return StepFinding{};
  MIGRATE_TRY_ASSIGN(const auto intended, intended_definition(session, effect, text));
  if (!intended) {
    return StepFinding{Verdict::unclear,
                       {},
                       fmt::format("index {} is there and valid, but cannot be compared with what was to be built: {}",
                                   found.name, trim(found.definition))};
  }
  if (*intended == found.definition) {
    return StepFinding{Verdict::done, {}, fmt::format("index {} is there and valid: it counts as done", found.name)};
  }
  return StepFinding{
      Verdict::unclear,
      {},
      fmt::format("index {} is there and valid, but is another one: {}", found.name, trim(found.definition))};
}

// Any of the table's indexes could be the one; only an invalid one is left by a statement that was refused.
StepFinding ask_for_unnamed(const sql::LastingEffect& effect, const std::vector<FoundIndex>& indexes,
                            LastWord last_word) {
  std::vector<std::string> names;
  for (const auto& index : indexes) {
    if (last_word == LastWord::under_way || !index.valid) names.push_back(index.name);
  }
  if (names.empty() || last_word == LastWord::none) return {};
  return {Verdict::unclear,
          {},
          fmt::format("{} has {}, which cannot be compared with what was to be built", shown(effect.table),
                      join_with_and(names))};
}

// The server chose the name: the definition tells.
Looked look_for_unnamed(Session& session, const sql::LastingEffect& effect, std::string_view text,
                        const std::vector<FoundIndex>& indexes, LastWord last_word) {
  MIGRATE_TRY_ASSIGN(const auto intended, intended_definition(session, effect, text));
  if (!intended) return ask_for_unnamed(effect, indexes, last_word);
  for (const auto& index : indexes) {
    if (index.definition != *intended) continue;
    if (!index.valid) return rebuild(index);
    // It may be another that was there before: only the end of this statement tells.
    if (last_word == LastWord::under_way) {
      return StepFinding{Verdict::done, {}, fmt::format("index {} is there and valid: it counts as done", index.name)};
    }
  }
  return StepFinding{};
}

Looked look_for_index(Session& session, const sql::LastingEffect& effect, std::string_view text, LastWord last_word) {
  MIGRATE_TRY_ASSIGN(const auto indexes, find_indexes(session, effect));
  if (indexes.empty()) return StepFinding{};
  return effect.object.name.empty() ? look_for_unnamed(session, effect, text, indexes, last_word)
                                    : look_for_named(session, effect, text, indexes.front());
}

Looked look_for_reindex(Session& session, const sql::LastingEffect& effect) {
  const auto given = [](bool is, std::string name) { return is ? std::optional(std::move(name)) : std::nullopt; };
  const bool of_schema = effect.table.name.empty() && !effect.table.schema.empty();
  const Parameters scope{given(!effect.object.name.empty(), quoted(effect.object)),
                         given(!effect.table.name.empty(), quoted(effect.table)),
                         given(of_schema, effect.table.schema)};
  const auto rows = session.query(reindex_leftovers_query, scope);
  if (!rows) return Unexpected{rows.error()};
  StepFinding finding;
  std::vector<std::string> names;
  for (const Row& row : *rows) {
    names.push_back(row[0].value_or(std::string()));
    finding.mending.push_back("DROP INDEX CONCURRENTLY " + names.back());
  }
  if (!names.empty())
    finding.words = fmt::format("what it left is dropped, and it runs again: {}", join_with_and(names));
  return finding;
}

Looked look_for_partition(Session& session, const sql::LastingEffect& effect, LastWord last_word) {
  if (session.info().server_version_num < first_with_detach_concurrently) return StepFinding{};
  const std::string partition = quoted(effect.object);
  const auto rows = session.query(detach_query, Parameters{partition, quoted(effect.table)});
  if (!rows) return Unexpected{rows.error()};
  if (!rows->empty()) {
    if (rows->front()[0] != "t") return StepFinding{};
    return StepFinding{Verdict::done,
                       {fmt::format("ALTER TABLE {} DETACH PARTITION {} FINALIZE", quoted(effect.table), partition)},
                       fmt::format("partition {} is half detached: that is finished", shown(effect.object))};
  }
  MIGRATE_TRY_ASSIGN(const bool there, ask(session, relation_query, {partition}));
  if (!there || last_word != LastWord::under_way) return StepFinding{};
  return StepFinding{
      Verdict::done, {}, fmt::format("partition {} is detached: that counts as done", shown(effect.object))};
}

struct Presence {
  std::string_view query;
  std::string name;  // as the query takes it
  std::string shown;
  bool wanted;
};

// Presence alone does not tell whose work it is: only where nobody saw the statement's end.
Looked look_for_presence(Session& session, const Presence& presence, LastWord last_word) {
  if (last_word != LastWord::under_way) return StepFinding{};
  MIGRATE_TRY_ASSIGN(const bool there, ask(session, presence.query, {presence.name}));
  if (there != presence.wanted) return StepFinding{};
  return StepFinding{Verdict::done,
                     {},
                     fmt::format("{} is {}: that counts as done", presence.shown, presence.wanted ? "there" : "gone")};
}

// An index further along the search path answers to the name of one that is gone.
Looked look_for_dropped_index(Session& session, const sql::LastingEffect& effect, LastWord last_word) {
  if (last_word == LastWord::under_way && effect.object.schema.empty()) {
    MIGRATE_TRY_ASSIGN(const bool further, ask(session, further_query, {quoted(effect.object)}));
    if (further) {
      return StepFinding{
          Verdict::unclear,
          {},
          fmt::format("index {} is there, but not in the first schema of the search path: nobody can tell "
                      "whether it is the one that was being dropped",
                      shown(effect.object))};
    }
  }
  return look_for_presence(session, {relation_query, quoted(effect.object), "index " + shown(effect.object), false},
                           last_word);
}

StepFinding look_at_unknown(const RunStatement& statement, std::string_view text, LastWord last_word) {
  const bool may_be_half_done = last_word == LastWord::failed && may_commit_inside(statement, text);
  if (last_word != LastWord::under_way && !may_be_half_done) return {};
  return {Verdict::unclear,
          {},
          fmt::format("`{}` was {}: the catalog does not tell what it did", statement.facts.summary,
                      may_be_half_done ? "begun and failed" : "begun, and nobody saw its end")};
}

}  // namespace

bool may_commit_inside(const RunStatement& statement, std::string_view text) {
  if (statement.facts.tag == "CALL") return true;
  if (statement.facts.tag != "DO") return false;
  // In whatever language: what commits says so, calls something that does, or makes the words at run time.
  const std::string lower = to_lower_ascii(text);
  for (const std::string_view word : {"commit", "rollback", "call", "execute"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

Looked look_for_step(Session& session, const RunStatement& statement, std::string_view text, LastWord last_word) {
  const sql::LastingEffect& effect = statement.facts.effect;
  const std::string& name = effect.object.name;
  switch (effect.kind) {
    case Kind::repeatable: return StepFinding{};
    case Kind::create_index: return look_for_index(session, effect, text, last_word);
    case Kind::drop_index: return look_for_dropped_index(session, effect, last_word);
    case Kind::reindex: return look_for_reindex(session, effect);
    case Kind::detach_partition: return look_for_partition(session, effect, last_word);
    case Kind::create_database:
      return look_for_presence(session, {database_query, name, "database " + name, true}, last_word);
    case Kind::drop_database:
      return look_for_presence(session, {database_query, name, "database " + name, false}, last_word);
    case Kind::create_tablespace:
      return look_for_presence(session, {tablespace_query, name, "tablespace " + name, true}, last_word);
    case Kind::drop_tablespace:
      return look_for_presence(session, {tablespace_query, name, "tablespace " + name, false}, last_word);
    case Kind::unknown: break;
  }
  return look_at_unknown(statement, text, last_word);
}

Looked look_for_invalid_index(Session& session, const RunStatement& statement) {
  const sql::LastingEffect& effect = statement.facts.effect;
  if (effect.kind != Kind::create_index || effect.object.name.empty()) return StepFinding{};
  MIGRATE_TRY_ASSIGN(const auto indexes, find_indexes(session, effect));
  if (indexes.empty() || indexes.front().valid || !indexes.front().of_table) return StepFinding{};
  return rebuild(indexes.front());
}

}  // namespace migrate::db
