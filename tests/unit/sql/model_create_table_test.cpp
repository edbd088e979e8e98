// CREATE TABLE in its forms.
#include "unit/sql/model_describe.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

// "app.t temporary columns a, b reads x".
std::string describe_table(const std::string& statement) {
  const ReadStatement read(statement);
  const auto& table = read.as<sql::CreateTable>();
  std::string text = describe(table.name) + " {" + read.text(table.name.range) + "}";
  const auto flag = [&](bool value, std::string_view word) {
    if (value) text += " " + std::string(word);
  };
  flag(table.if_not_exists, "if not exists");
  flag(table.temporary, "temporary");
  flag(table.unlogged, "unlogged");
  flag(table.foreign, "foreign");
  flag(table.as_query, "as query");
  flag(!table.with_data, "without data");
  flag(table.default_partition, "default");
  flag(table.partitioned, "partitioned");
  for (const auto& column : table.columns) {
    text += " [" + column.name + (column.type.name.empty() ? "" : " " + describe(column.type)) + "]";
  }
  if (!table.inherits.empty()) text += " inherits " + describe(table.inherits);
  if (table.partition_of) text += " partition of " + describe(*table.partition_of);
  for (const auto& like : table.likes) {
    text += " like " + describe(like.table);
    flag(like.including_indexes, "indexes");
    flag(like.including_constraints, "constraints");
    flag(like.including_defaults, "defaults");
  }
  if (!table.reads.empty()) text += " reads " + describe(table.reads);
  return text;
}

}  // namespace

TEST_CASE("CREATE TABLE tells its name, its persistence and where its columns come from") {
  struct Case {
    std::string statement;
    std::string expected;
  };
  const Case cases[] = {
      {"CREATE TABLE t ()", "t {t}"},
      {"CREATE TABLE IF NOT EXISTS App.\"T\" (a int, B text)", "app.\"T\" {App.\"T\"} if not exists [a int4] [b text]"},
      {"CREATE TABLE db.app.t (a int)", "app.t {db.app.t} [a int4]"},
      {"CREATE TEMP TABLE t (a int) ON COMMIT DROP", "t {t} temporary [a int4]"},
      {"CREATE UNLOGGED TABLE t (a int)", "t {t} unlogged [a int4]"},
      {"CREATE FOREIGN TABLE t (a int OPTIONS (x 'y') NOT NULL) SERVER s", "t {t} foreign [a int4]"},
      {"CREATE TABLE t (a int) PARTITION BY RANGE (a)", "t {t} partitioned [a int4]"},
      {"CREATE TABLE t PARTITION OF app.p FOR VALUES IN (1, 2)", "t {t} partition of app.p"},
      {"CREATE TABLE t PARTITION OF p (a NOT NULL, CHECK (a > 0)) DEFAULT", "t {t} default [a] partition of p"},
      {"CREATE TABLE t (a int) INHERITS (p, app.q)", "t {t} [a int4] inherits p, app.q"},
      {"CREATE TABLE t OF app.row_type (a WITH OPTIONS PRIMARY KEY)", "t {t} [a]"},
      {"CREATE TABLE t (LIKE app.o, b int, LIKE p INCLUDING INDEXES INCLUDING DEFAULTS, LIKE q INCLUDING ALL)",
       "t {t} [b int4] like app.o like p indexes defaults like q indexes constraints defaults"},
      {"CREATE TABLE t AS SELECT * FROM a JOIN app.b USING (id)", "t {t} as query reads a, app.b"},
      {"CREATE TEMP TABLE t (x) AS TABLE a WITH NO DATA", "t {t} temporary as query without data reads a"},
      {"CREATE UNLOGGED TABLE IF NOT EXISTS t AS WITH t AS (SELECT 1 FROM a) SELECT * FROM t, app.t",
       "t {t} if not exists unlogged as query reads a, app.t"},
      {"SELECT id INTO app.t FROM a", "app.t {app.t} as query reads a"},
      {"SELECT 1 INTO TEMP t FROM a UNION SELECT 2 FROM b", "t {t} temporary as query reads a, b"},
      {"CREATE TABLE t AS EXECUTE prepared(1)", "t {t} as query"},
  };
  for (const auto& each : cases) {
    INFO(each.statement);
    CHECK(describe_table(each.statement) == each.expected);
  }
}

TEST_CASE("a column of CREATE TABLE ends at its comma, however many commas its definition has") {
  const ReadStatement read(
      "CREATE TABLE t (\n"
      "  a numeric(10, 2) DEFAULT round(1.5, 1), -- the, first\n"
      "  b text[] DEFAULT ARRAY['x', 'y'] CHECK (b[1] IN ('x', 'y')) /* , */ ,\n"
      "  c int OPTIONS\n"
      ")");
  CHECK_FALSE(read.model.parsed);
  const ReadStatement well(
      "CREATE TABLE t (\n"
      "  a numeric(10, 2) DEFAULT round(1.5, 1), -- the, first\n"
      "  b text[] DEFAULT ARRAY['x', 'y'] CHECK (b[1] IN ('x', 'y')) /* , */ ,\n"
      "  \"c,d\" int\n"
      ")");
  const auto& columns = well.as<sql::CreateTable>().columns;
  REQUIRE(columns.size() == 3);
  CHECK(well.text(columns[0].range) == "a numeric(10, 2) DEFAULT round(1.5, 1)");
  CHECK(well.text(columns[1].range) == "b text[] DEFAULT ARRAY['x', 'y'] CHECK (b[1] IN ('x', 'y'))");
  CHECK(well.text(columns[2].range) == "\"c,d\" int");
}
