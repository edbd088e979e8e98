#include <migrate/catalog/schema.hpp>
#include <migrate/sql/statement.hpp>

#include "support/catch.hpp"

using namespace migrate;
using catalog::Origin;
using catalog::Rows;

namespace {

catalog::Schema follow(const std::string& text, catalog::Schema schema = {}, const catalog::Maker& maker = {}) {
  const auto source = make_source("test.sql", text);
  const auto statements = sql::split_statements(source, {0, source->text().size()});
  REQUIRE(statements);
  for (const auto& statement : *statements) apply(schema, sql::read_model(source, statement.range), maker);
  return schema;
}

const catalog::Relation& table(const catalog::Schema& schema, const std::string& name) {
  const auto* relation = schema.find({"", name, {}});
  INFO(name);
  REQUIRE(relation);
  return *relation;
}

catalog::Relation of_database(const std::string& name, Rows rows = Rows::some) {
  catalog::Relation relation;
  relation.name = {"public", name, {}};
  relation.rows = rows;
  catalog::TableColumn column;
  column.name = "id";
  column.type.name = "int4";
  relation.columns.push_back(std::move(column));
  return relation;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a name without a schema is found along the path, and made in its first schema") {
  catalog::Schema schema;
  schema.search_path = {"app", "public"};
  schema = follow("CREATE TABLE public.a (id int); CREATE TABLE b (id int); CREATE TEMP TABLE a (x text)", schema);
  CHECK(schema.find({"app", "b", {}}));
  CHECK(schema.resolve({"", "b", {}}) == sql::QualifiedName{"app", "b", {}});
  CHECK(schema.resolve({"", "c", {}}) == sql::QualifiedName{"app", "c", {}});
  CHECK(schema.resolve({"", "a", {}}) == sql::QualifiedName{"pg_temp", "a", {}});
  CHECK(schema.resolve({"other", "a", {}}) == sql::QualifiedName{"other", "a", {}});
  CHECK_FALSE(schema.find({"app", "a", {}}));
  schema = follow("DROP TABLE a", schema);
  CHECK(schema.resolve({"", "a", {}}) == sql::QualifiedName{"public", "a", {}});
}

TEST_CASE("SET search_path holds to the end of the revision") {
  auto schema = follow("SET search_path TO app, \"$user\"; CREATE TABLE t (id int)");
  CHECK(schema.find({"app", "t", {}}));
  CHECK(schema.search_path == Names{"app"});
  end_revision(schema, Rows::none);
  CHECK(schema.search_path == Names{"public"});
  schema = follow("SET search_path = ''; CREATE TABLE public.u (id int); RESET search_path; CREATE TABLE v (id int)",
                  schema);
  CHECK(schema.find({"public", "u", {}}));
  CHECK(schema.find({"public", "v", {}}));
}

TEST_CASE("things know who made them, and grow old at the end of the revision") {
  catalog::Schema schema;
  schema.add(of_database("old"));
  schema = follow(
      "CREATE TABLE new (id int PRIMARY KEY); ALTER TABLE old ADD COLUMN n int; CREATE INDEX old_n ON old (n); "
      "CREATE TYPE mood AS ENUM ('a')",
      schema, {Origin::this_revision, "3f2a91c", Rows::none});
  CHECK(table(schema, "new").origin == Origin::this_revision);
  CHECK(table(schema, "new").made_by == "3f2a91c");
  CHECK(table(schema, "new").rows == Rows::none);
  CHECK(table(schema, "old").origin == Origin::database);
  CHECK(table(schema, "old").column("n")->origin == Origin::this_revision);
  CHECK(table(schema, "old").column("id")->origin == Origin::database);
  CHECK(table(schema, "old").index("old_n")->origin == Origin::this_revision);
  end_revision(schema, Rows::assumed);
  CHECK(table(schema, "new").origin == Origin::earlier);
  CHECK(table(schema, "new").rows == Rows::assumed);
  CHECK(table(schema, "new").index("new_pkey")->origin == Origin::earlier);
  CHECK(table(schema, "old").column("n")->origin == Origin::earlier);
  CHECK(table(schema, "old").rows == Rows::some);
  CHECK(schema.find_type(sql::QualifiedName{"", "mood", {}})->origin == Origin::earlier);
}

TEST_CASE("rows come and go only where others can see them") {
  catalog::Schema schema;
  schema.add(of_database("empty", Rows::none));
  schema.add(of_database("busy"));
  schema = follow("CREATE TABLE new (id int); INSERT INTO new VALUES (1); INSERT INTO empty VALUES (1); TRUNCATE busy",
                  schema);
  CHECK(table(schema, "new").rows == Rows::none);
  CHECK(table(schema, "empty").rows == Rows::some);
  CHECK(table(schema, "busy").rows == Rows::none);
  end_revision(schema, Rows::none);
  // Others fill it again.
  CHECK(table(schema, "busy").rows == Rows::assumed);
  schema = follow("WITH moved AS (INSERT INTO empty SELECT 1 RETURNING *) SELECT * FROM moved", schema);
  CHECK(table(schema, "empty").rows == Rows::some);
}

TEST_CASE("what is not known stays unknown") {
  const auto schema = follow(R"(
ALTER TABLE nowhere ADD COLUMN a int, DROP COLUMN b, ADD CONSTRAINT c CHECK (a > 0), ATTACH PARTITION d DEFAULT;
ALTER TABLE nowhere RENAME TO elsewhere;
ALTER TABLE nowhere RENAME COLUMN a TO b;
ALTER TABLE nowhere SET SCHEMA other;
ALTER INDEX nowhere RENAME TO elsewhere;
CREATE INDEX ON nowhere (a);
DROP TABLE nowhere CASCADE;
DROP INDEX nowhere;
DROP SCHEMA nowhere CASCADE;
ALTER TYPE nowhere ADD VALUE 'x';
ALTER DOMAIN nowhere SET NOT NULL;
TRUNCATE nowhere;
INSERT INTO nowhere VALUES (1);
REFRESH MATERIALIZED VIEW nowhere;
)");
  CHECK(schema.relations().empty());
  CHECK(schema.types().empty());
}

TEST_CASE("nonsense changes nothing and ends") {
  auto schema = follow(R"(
CREATE TABLE t (id int PRIMARY KEY, t int REFERENCES t);
ALTER TABLE t DROP COLUMN nothing, ALTER COLUMN nothing SET NOT NULL, DROP CONSTRAINT nothing, VALIDATE CONSTRAINT nothing;
ALTER TABLE t ADD CONSTRAINT c PRIMARY KEY USING INDEX nothing;
ALTER TABLE t RENAME TO t;
ALTER TABLE t RENAME COLUMN id TO t;
ALTER TABLE t INHERIT t;
ALTER TABLE t ATTACH PARTITION t FOR VALUES IN (1);
CREATE TABLE child () INHERITS (t);
ALTER TABLE t INHERIT child;
CREATE TABLE t (LIKE t INCLUDING ALL);
CREATE TABLE t () INHERITS (child);
ALTER TABLE t ADD COLUMN more int;
SELECT FROM WHERE;
ALTER TABLE child RENAME TO t;
DROP TABLE t CASCADE;
)");
  CHECK_FALSE(schema.find({"", "t", {}}));
}

TEST_CASE("a table made of what is not known has unknown columns") {
  const auto schema = follow(
      "CREATE TABLE a AS SELECT 1; CREATE TABLE b (LIKE nowhere); CREATE TABLE c () INHERITS (nowhere); "
      "CREATE TABLE d (id int); CREATE TABLE e PARTITION OF nowhere DEFAULT");
  for (const auto* name : {"a", "b", "c", "e"}) {
    INFO(name);
    CHECK_FALSE(table(schema, name).columns_known);
  }
  CHECK(table(schema, "d").columns_known);
}

TEST_CASE("NULL is proven absent by the column, its key, or a valid check") {
  auto schema = follow(R"(
CREATE TABLE t (a int NOT NULL, b int PRIMARY KEY, c int, d int, e int,
  CHECK (c IS NOT NULL AND d > 0), CONSTRAINT later CHECK (e IS NOT NULL));
ALTER TABLE t ADD COLUMN f int;
ALTER TABLE t ADD CONSTRAINT f_filled CHECK (f IS NOT NULL) NOT VALID;
)");
  const auto proven = [&](const char* column) { return table(schema, "t").proven_not_null(column); };
  CHECK(proven("a"));
  CHECK(proven("b"));
  CHECK(proven("c"));
  CHECK_FALSE(proven("d"));
  CHECK(proven("e"));
  CHECK_FALSE(proven("f"));
  schema = follow("ALTER TABLE t VALIDATE CONSTRAINT f_filled", schema);
  CHECK(proven("f"));
  schema = follow("ALTER TABLE t DROP CONSTRAINT f_filled", schema);
  CHECK_FALSE(proven("f"));
}

TEST_CASE("keys that point at a table follow its name and go with it") {
  auto schema = follow("CREATE TABLE a (id int PRIMARY KEY); CREATE TABLE b (a int REFERENCES a)");
  auto keys = schema.inbound_keys({"", "a", {}});
  REQUIRE(keys.size() == 1);
  CHECK(keys.front().table == sql::QualifiedName{"public", "b", {}});
  CHECK(keys.front().referenced_columns == Names{"id"});
  schema = follow("ALTER TABLE a RENAME TO c; ALTER TABLE c RENAME COLUMN id TO key", schema);
  keys = schema.inbound_keys({"", "c", {}});
  REQUIRE(keys.size() == 1);
  CHECK(keys.front().referenced_columns == Names{"key"});
  schema = follow("DROP TABLE c CASCADE", schema);
  CHECK(table(schema, "b").constraints.empty());
}

TEST_CASE("views go with the column or table that they read") {
  catalog::Schema schema;
  auto old = of_database("old");
  old.columns.front().views = {"public.v"};
  schema.add(old);
  auto view = of_database("v");
  view.kind = sql::ObjectKind::view;
  schema.add(view);
  CHECK(follow("ALTER VIEW v RENAME TO w", schema).find({"", "old", {}})->column("id")->views == Names{"public.w"});
  CHECK(follow("DROP VIEW v", schema).find({"", "old", {}})->column("id")->views.empty());
  CHECK_FALSE(follow("ALTER TABLE old DROP COLUMN id CASCADE", schema).find({"", "v", {}}));
  CHECK_FALSE(follow("DROP TABLE old CASCADE", schema).find({"", "v", {}}));
}

TEST_CASE("a table of an earlier revision that is emptied is filled again after the revision, as new ones are") {
  for (const Rows after : {Rows::assumed, Rows::none}) {
    auto schema = follow("CREATE TABLE t (id int)");
    end_revision(schema, after);
    schema = follow("TRUNCATE t", schema);
    CHECK(table(schema, "t").rows == Rows::none);
    end_revision(schema, after);
    CHECK(table(schema, "t").rows == after);
  }
}

TEST_CASE("a table that is made or altered by SQL of a newer server is there, and its columns are not known") {
  const auto schema = follow("CREATE TABLE a (id int) SOMEHOW ODD; CREATE TABLE b (id int); ALTER TABLE b FROBNICATE");
  CHECK_FALSE(table(schema, "a").columns_known);
  CHECK(table(schema, "a").origin == Origin::this_revision);
  CHECK_FALSE(table(schema, "b").columns_known);
  CHECK(table(schema, "b").columns.size() == 1);
}
