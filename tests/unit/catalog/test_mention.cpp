#include <migrate/catalog/schema.hpp>
#include <migrate/sql/statement.hpp>

#include <algorithm>

#include "support/catch.hpp"

using namespace migrate;

namespace {

using Names = std::vector<std::string>;

Names texts(const std::vector<sql::QualifiedName>& names) {
  Names texts;
  for (const auto& name : names) texts.push_back(to_text(name));
  return texts;
}

catalog::Mentioned mentioned_in(const std::string& text) {
  const auto source = make_source("test.sql", text);
  catalog::Mentioned names;
  const auto statements = sql::split_statements(source, {0, source->text().size()});
  REQUIRE(statements);
  for (const auto& statement : *statements) mention(names, sql::read_model(source, statement.range));
  return names;
}

}  // namespace

TEST_CASE("each statement mentions the relations that it touches") {
  struct Case {
    std::string sql;
    Names relations;
  };
  const std::vector<Case> cases{
      {"CREATE TABLE a (b int REFERENCES s.c, LIKE d)", {"a", "s.c", "d"}},
      {"CREATE TABLE a () INHERITS (b, c)", {"a", "b", "c"}},
      {"CREATE TABLE a PARTITION OF b DEFAULT", {"a", "b"}},
      {"ALTER TABLE a ATTACH PARTITION b DEFAULT", {"a", "b"}},
      {"ALTER TABLE s.a ADD CONSTRAINT k UNIQUE USING INDEX i", {"s.a", "s.i"}},
      {"ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES b", {"a", "b"}},
      {"CREATE INDEX i ON s.a (x)", {"s.a", "s.i"}},
      {"DROP TABLE a, s.b", {"a", "s.b"}},
      {"DROP INDEX CONCURRENTLY i", {"i"}},
      {"ALTER TABLE a RENAME TO b", {"a", "b"}},
      {"ALTER TABLE a RENAME COLUMN x TO y", {"a"}},
      {"INSERT INTO a SELECT * FROM b", {"a", "b"}},
      {"TRUNCATE a, b", {"a", "b"}},
      {"LOCK TABLE a", {"a"}},
      {"REINDEX INDEX i", {"i"}},
      {"REFRESH MATERIALIZED VIEW m", {"m"}},
      {"CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()", {"a"}},
      {"COMMENT ON COLUMN a.b IS 'x'", {"a"}},
      {"SELECT 1; SELECT * FROM a; SELECT * FROM a", {"a"}},
      {"CREATE ROLE r", {}},
  };
  for (const auto& one : cases) {
    INFO(one.sql);
    CHECK(texts(mentioned_in(one.sql).relations) == one.relations);
  }
}

TEST_CASE("types and functions are mentioned, but not those that every server has") {
  const auto names = mentioned_in(
      "CREATE TABLE a (x mood DEFAULT pick(), y timestamptz DEFAULT now(), z s.t, "
      "u uuid DEFAULT ext.make(), v text DEFAULT pg_catalog.lower('A'))");
  CHECK(texts(names.functions) == Names{"pick", "ext.make"});
  const auto types = texts(names.types);
  for (const auto* type : {"mood", "s.t"}) CHECK(std::find(types.begin(), types.end(), type) != types.end());
  CHECK(mentioned_in("SET search_path TO app, \"$user\", public").schemas == Names{"app", "public"});
  CHECK(texts(mentioned_in("ALTER TYPE mood ADD VALUE 'x'").types) == Names{"mood"});
  CHECK(texts(mentioned_in("ALTER DOMAIN d SET NOT NULL").types) == Names{"d"});
}
