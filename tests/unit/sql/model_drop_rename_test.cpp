// DROP, RENAME and SET SCHEMA.
#include "unit/sql/model_describe.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

std::string describe_drop(const std::string& statement) {
  const ReadStatement read(statement);
  const auto& drop = read.as<sql::Drop>();
  std::string text(sql::to_text(drop.object));
  for (const auto& name : drop.names) text += " " + describe(name) + " {" + read.text(name.range) + "}";
  if (!drop.of_table.empty()) text += fmt::format(" of_table {}", fmt::join(drop.of_table, ","));
  if (drop.if_exists) text += " if exists";
  if (drop.cascade) text += " cascade";
  if (drop.concurrently) text += " concurrently";
  return text;
}

std::string describe_rename(const std::string& statement) {
  const ReadStatement read(statement);
  const auto& rename = read.as<sql::Rename>();
  std::string text(sql::to_text(rename.object));
  text += " of " + std::string(sql::to_text(rename.relation_kind)) + " " + describe(rename.relation) + " {" +
          read.text(rename.relation.range) + "} ";
  if (!rename.old_name.empty()) text += rename.old_name + " ";
  text += "to " + rename.new_name + " {" + read.text(rename.new_name_range) + "}";
  if (rename.if_exists) text += " if exists";
  return text;
}

}  // namespace

TEST_CASE("DROP tells the kind and the names, each with its place") {
  struct Case {
    std::string statement;
    std::string expected;
  };
  const Case cases[] = {
      {"DROP TABLE t", "table t {t}"},
      {"DROP TABLE IF EXISTS a, App.\"B\" CASCADE", "table a {a} app.\"B\" {App.\"B\"} if exists cascade"},
      {"DROP VIEW v RESTRICT", "view v {v}"},
      {"DROP MATERIALIZED VIEW IF EXISTS v", "materialized view v {v} if exists"},
      {"DROP FOREIGN TABLE f", "foreign table f {f}"},
      {"DROP INDEX CONCURRENTLY IF EXISTS app.ix", "index app.ix {app.ix} if exists concurrently"},
      {"DROP SEQUENCE s", "sequence s {s}"},
      {"DROP SCHEMA app, b CASCADE", "schema app {app} b {b} cascade"},
      {"DROP TYPE type, app.mood", "type type {type} app.mood {app.mood}"},
      {"DROP DOMAIN IF EXISTS d", "domain d {d} if exists"},
      {"DROP FUNCTION app.f(int, text), g", "function app.f {app.f} g {g}"},
      {"DROP PROCEDURE p()", "procedure p {p}"},
      {"DROP ROUTINE r(int)", "function r {r}"},
      {"DROP AGGREGATE agg(int)", "aggregate agg {agg}"},
      {"DROP TRIGGER IF EXISTS tr ON app.t CASCADE", "trigger app.t {app.t} of_table tr if exists cascade"},
      {"DROP POLICY p ON t", "policy t {t} of_table p"},
      {"DROP RULE r ON t", "rule t {t} of_table r"},
      {"DROP EXTENSION IF EXISTS citext, hstore", "extension citext {citext} hstore {hstore} if exists"},
      {"DROP PUBLICATION p", "publication p {p}"},
      {"DROP STATISTICS app.s", "statistics app.s {app.s}"},
      {"DROP COLLATION c", "collation c {c}"},
      {"DROP CAST (text AS mood)", "cast text {}"},
      {"DROP DATABASE IF EXISTS d", "database d {d} if exists"},
      {"DROP ROLE a, b", "role a {a} b {b}"},
      {"DROP USER IF EXISTS a", "role a {a} if exists"},
      {"DROP TABLESPACE fast", "tablespace fast {fast}"},
      {"DROP SUBSCRIPTION s", "subscription s {s}"},
      {"DROP EVENT TRIGGER e", "object e {}"},
  };
  for (const auto& each : cases) {
    INFO(each.statement);
    CHECK(describe_drop(each.statement) == each.expected);
  }
}

TEST_CASE("RENAME tells what gets which name") {
  struct Case {
    std::string statement;
    std::string expected;
  };
  const Case cases[] = {
      {"ALTER TABLE IF EXISTS app.t RENAME TO \"U\"", "table of table app.t {app.t} to U {\"U\"} if exists"},
      {"ALTER TABLE t RENAME COLUMN a TO b", "column of table t {t} a to b {b}"},
      {"ALTER TABLE ONLY t RENAME a TO b", "column of table t {t} a to b {b}"},
      {"ALTER VIEW v RENAME a TO b", "column of view v {v} a to b {b}"},
      {"ALTER VIEW v RENAME TO w", "view of table v {v} to w {w}"},
      {"ALTER MATERIALIZED VIEW v RENAME TO w", "materialized view of table v {v} to w {w}"},
      {"ALTER INDEX i RENAME TO j", "index of table i {i} to j {j}"},
      {"ALTER SEQUENCE s RENAME TO r", "sequence of table s {s} to r {r}"},
      {"ALTER TABLE t RENAME CONSTRAINT a TO b", "constraint of table t {t} a to b {b}"},
      {"ALTER DOMAIN d RENAME CONSTRAINT a TO b", "constraint of domain d {d} a to b {b}"},
      {"ALTER TRIGGER a ON app.t RENAME TO b", "trigger of table app.t {app.t} a to b {b}"},
      {"ALTER POLICY a ON t RENAME TO b", "policy of table t {t} a to b {b}"},
      {"ALTER RULE a ON t RENAME TO b", "rule of table t {t} a to b {b}"},
      {"ALTER TYPE app.pair RENAME ATTRIBUTE a TO b CASCADE", "attribute of type app.pair {app.pair} a to b {b}"},
      {"ALTER TYPE app.mood RENAME TO feeling", "type of table app.mood {app.mood} to feeling {feeling}"},
      {"ALTER TYPE app.mood RENAME VALUE 'sad' TO 'blue'",
       "enum value of type app.mood {app.mood} sad to blue {'blue'}"},
      {"ALTER DOMAIN d RENAME TO e", "domain of table d {d} to e {e}"},
      {"ALTER SCHEMA a RENAME TO b", "schema of table a {a} to b {b}"},
      {"ALTER FUNCTION app.f(int) RENAME TO g", "function of table app.f {app.f} to g {g}"},
      {"ALTER DATABASE a RENAME TO b", "database of table a {a} to b {b}"},
      {"ALTER ROLE a RENAME TO b", "role of table a {a} to b {b}"},
  };
  for (const auto& each : cases) {
    INFO(each.statement);
    CHECK(describe_rename(each.statement) == each.expected);
  }
}

TEST_CASE("SET SCHEMA tells what moves where") {
  const auto describe_move = [](const std::string& statement) {
    const ReadStatement read(statement);
    const auto& move = read.as<sql::SetSchema>();
    return fmt::format("{} {} {{{}}} to {}", sql::to_text(move.object), describe(move.name), read.text(move.name.range),
                       move.new_schema);
  };
  CHECK(describe_move("ALTER TABLE app.t SET SCHEMA b") == "table app.t {app.t} to b");
  CHECK(describe_move("ALTER VIEW v SET SCHEMA b") == "view v {v} to b");
  CHECK(describe_move("ALTER TYPE mood SET SCHEMA b") == "type mood {mood} to b");
  CHECK(describe_move("ALTER FUNCTION f(int) SET SCHEMA b") == "function f {f} to b");
  CHECK(describe_move("ALTER EXTENSION citext SET SCHEMA b") == "extension citext {citext} to b");
}
