#include "db/index_state.hpp"

#include <migrate/base/text.hpp>
#include <migrate/sql/column_names.hpp>
#include <migrate/sql/scan.hpp>

#include <array>

#include <fmt/format.h>

namespace migrate::db {
namespace {

// The definition as pg_get_indexdef writes it without what stands before the method. How it writes the schema of a
// temporary table differs from version to version: that one is the probe, whose names are known. Checked on 14 to 18.
constexpr std::string_view select_indexes = R"(
SELECT pg_catalog.format('%I.%I', cn.nspname, c.relname), i.indrelid IS NOT NULL AND i.indrelid = t.oid,
  coalesce(i.indisvalid, false),
  CASE WHEN i.indisunique THEN 'UNIQUE' ELSE '' END || pg_catalog.substr(d.definition,
    CASE WHEN t.relpersistence = 't' THEN pg_catalog.strpos(d.definition, ' USING ')
    ELSE pg_catalog.length(pg_catalog.format('CREATE %sINDEX %I ON %I.%I', CASE WHEN i.indisunique THEN 'UNIQUE ' END,
      c.relname, tn.nspname, t.relname)) + 1 END)
FROM pg_catalog.pg_class t
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
JOIN pg_catalog.pg_class c ON c.relnamespace = t.relnamespace
JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_index i ON i.indexrelid = c.oid
LEFT JOIN LATERAL (SELECT pg_catalog.pg_get_indexdef(i.indexrelid) AS definition) d ON true
WHERE t.oid = pg_catalog.to_regclass($1))";

constexpr std::string_view of_this_name = " AND c.relname = $2";
constexpr std::string_view of_this_table = " AND i.indrelid = t.oid AND $2::text IS NOT NULL ORDER BY c.relname";

constexpr std::string_view probe_table = "migrate_probe_table";
constexpr std::string_view probe_index = "migrate_probe_index";

constexpr std::string_view schema_query = R"(SELECT n.nspname
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.oid = pg_catalog.to_regclass($1))";

// The words and names of a statement, one after another.
class TokenWalk {
 public:
  explicit TokenWalk(std::string_view text) : text_(text) {
    auto scanned = sql::scan(text);
    if (!scanned) return;
    for (const auto& token : *scanned) {
      if (token.kind != sql::TokenKind::comment) tokens_.push_back(token);
    }
  }

  bool skip(std::string_view word) {
    if (at_ >= tokens_.size() || !equals_ignoring_case(tokens_[at_].range.of(text_), word)) return false;
    ++at_;
    return true;
  }
  // A name, not a keyword: where one may stand instead, it is asked for first.
  bool skip_name() {
    if (at_ >= tokens_.size()) return false;
    const auto kind = tokens_[at_].kind;
    if (kind != sql::TokenKind::word && kind != sql::TokenKind::quoted_identifier) return false;
    ++at_;
    return true;
  }
  [[nodiscard]] std::string_view rest() const {
    return at_ < tokens_.size() ? text_.substr(tokens_[at_].range.begin) : std::string_view();
  }

 private:
  std::string_view text_;
  std::vector<sql::Token> tokens_;
  std::size_t at_ = 0;
};

Result<std::vector<FoundIndex>, ServerError> ask(Session& session, const std::string& sql, const std::string& table,
                                                 const std::string& index) {
  const std::array<std::optional<std::string>, 2> names{table, index};
  const auto rows = session.query(sql, names);
  if (!rows) return Unexpected{rows.error()};
  std::vector<FoundIndex> found;
  for (const Row& row : *rows) {
    found.push_back({.name = row[0].value_or(std::string()),
                     .of_table = row[1] == "t",
                     .valid = row[2] == "t",
                     .definition = row[3].value_or(std::string())});
  }
  return found;
}

// What the index is called by the server on an empty copy of the table. None: the server refuses one of the two.
Result<std::optional<std::string>, ServerError> definition_on(Session& session, const std::string& make_copy,
                                                              const std::string& copy, std::string_view statement) {
  const std::string create = on_another_table(statement, probe_index, copy);
  if (create.empty()) return std::optional<std::string>();
  const auto made = session.execute(fmt::format("BEGIN;\n{};\n{}", make_copy, create));
  auto found = made ? ask(session, std::string(select_indexes).append(of_this_name), copy, std::string(probe_index))
                    : Result<std::vector<FoundIndex>, ServerError>(std::vector<FoundIndex>());
  const auto undone = session.execute("ROLLBACK");
  if (!made && (made.error().connection_lost || made.error().interrupted)) return Unexpected{made.error()};
  if (!undone) return Unexpected{undone.error()};
  if (!found) return Unexpected{std::move(found).error()};
  return found->empty() ? std::optional<std::string>() : found->front().definition;
}

}  // namespace

std::string quoted(const sql::CatalogName& name) {
  return (name.schema.empty() ? "" : quote_identifier(name.schema) + ".") + quote_identifier(name.name);
}

Result<std::vector<FoundIndex>, ServerError> find_indexes(Session& session, const sql::LastingEffect& effect) {
  const bool named = !effect.object.name.empty();
  return ask(session, std::string(select_indexes).append(named ? of_this_name : of_this_table), quoted(effect.table),
             effect.object.name);
}

Result<std::optional<std::string>, ServerError> intended_definition(Session& session, const sql::LastingEffect& effect,
                                                                    std::string_view statement) {
  const std::string text = sql::without_qualifiers(statement);
  const std::string table = quoted(effect.table);
  MIGRATE_TRY_ASSIGN(auto definition,
                     definition_on(session, fmt::format("CREATE TEMPORARY TABLE {} (LIKE {})", probe_table, table),
                                   fmt::format("pg_temp.{}", probe_table), text));
  if (definition) return definition;
  // Whoever may not make temporary tables may still make others: CREATE INDEX itself needs that right in the schema.
  const std::array<std::optional<std::string>, 1> name{table};
  const auto schema = session.query(schema_query, name);
  if (!schema) return Unexpected{schema.error()};
  if (schema->empty()) return definition;
  const std::string copy = quote_identifier(schema->front()[0].value_or("")) + "." + std::string(probe_table);
  return definition_on(session, fmt::format("CREATE TABLE {} (LIKE {})", copy, table), copy, text);
}

std::string on_another_table(std::string_view statement, std::string_view index, std::string_view table) {
  TokenWalk walk(statement);
  if (!walk.skip("CREATE")) return {};
  const bool unique = walk.skip("UNIQUE");
  if (!walk.skip("INDEX") || !walk.skip("CONCURRENTLY")) return {};
  if (walk.skip("IF")) {
    walk.skip("NOT");
    walk.skip("EXISTS");
  }
  if (!walk.skip("ON") && !(walk.skip_name() && walk.skip("ON"))) return {};
  walk.skip("ONLY");
  do {
    if (!walk.skip_name()) return {};
  } while (walk.skip("."));
  return fmt::format("CREATE {}INDEX {} ON {} {}", unique ? "UNIQUE " : "", index, table, walk.rest());
}

}  // namespace migrate::db
