// Statements that read and change rows.
#include "unit/sql/model_describe.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

std::string describe_rows(const sql::ChangeRows& rows) {
  static constexpr std::string_view kinds[] = {"insert", "update", "delete", "merge"};
  std::string text(kinds[static_cast<std::size_t>(rows.kind)]);
  text += " " + describe(rows.table);
  if (!rows.columns.empty()) text += fmt::format(" ({})", fmt::join(rows.columns, ","));
  if (rows.has_where) text += " where";
  if (rows.from_query) text += " query";
  if (!rows.reads.empty()) text += " reads " + describe(rows.reads);
  if (!rows.functions.empty()) text += " functions " + describe(rows.functions);
  for (const auto& inside : rows.inside) text += " inside [" + describe_rows(inside) + "]";
  return text;
}

}  // namespace

TEST_CASE("statements that change rows tell their table, columns and what they read") {
  struct Case {
    std::string statement;
    std::string expected;
  };
  const Case cases[] = {
      {"INSERT INTO app.t (a, \"B\") VALUES (1, now()), (2, f(3))", "insert app.t (a,B) functions now/0, f/1"},
      {"INSERT INTO t DEFAULT VALUES", "insert t"},
      {"INSERT INTO t SELECT * FROM a JOIN t USING (id)", "insert t query reads a, t"},
      {"INSERT INTO t (a) VALUES ((SELECT max(x) FROM b)) ON CONFLICT DO NOTHING",
       "insert t (a) reads b functions max/1"},
      {"UPDATE t SET a = 1, \"B\" = lower(c)", "update t (a,B) functions lower/1"},
      {"UPDATE ONLY app.t x SET (a, b) = (1, 2) WHERE x.id = 1", "update app.t (a,b) where"},
      {"UPDATE t SET a = u.a, a = 2 FROM app.u u WHERE t.id = u.id", "update t (a,a) where query reads app.u"},
      {"DELETE FROM t", "delete t"},
      {"DELETE FROM t USING u WHERE t.id = u.id RETURNING *", "delete t where query reads u"},
      {"MERGE INTO t USING u ON t.id = u.id WHEN MATCHED THEN UPDATE SET a = 1 WHEN NOT MATCHED THEN INSERT (b) VALUES "
       "(2)",
       "merge t (a,b) query reads u"},
      {"WITH gone AS (DELETE FROM a WHERE x RETURNING *) INSERT INTO b SELECT * FROM gone",
       "insert b query reads a inside [delete a where]"},
      {"WITH gone AS (DELETE FROM a RETURNING *), new AS (UPDATE c SET x = 1) SELECT * FROM gone",
       "delete a inside [update c (x)]"},
      {"WITH a AS (SELECT * FROM b) UPDATE t SET x = 1 FROM a", "update t (x) query reads b"},
  };
  for (const auto& each : cases) {
    INFO(each.statement);
    const ReadStatement read(each.statement);
    CHECK(describe_rows(read.as<sql::ChangeRows>()) == each.expected);
    CHECK(read.text(read.as<sql::ChangeRows>().table.range).ends_with(read.as<sql::ChangeRows>().table.name));
  }
}

TEST_CASE("SELECT tells what it reads, without the names of WITH and the aliases of FOR UPDATE OF") {
  const ReadStatement read(
      "WITH q AS (SELECT * FROM a) SELECT setval('s', max(id)) FROM q, app.q, b AS x WHERE id IN (TABLE c) FOR UPDATE "
      "OF x");
  const auto& select = read.as<sql::Select>();
  CHECK(describe(select.reads) == "a, app.q, b, c");
  CHECK(describe(select.functions) == "setval/2, max/1");
  CHECK(select.for_update);
  CHECK(read.text(select.reads[1].range) == "app.q");
  const ReadStatement values("VALUES (1), (f())");
  CHECK(describe(values.as<sql::Select>().functions) == "f/0");
  CHECK_FALSE(values.as<sql::Select>().for_update);
}

TEST_CASE("COPY tells its direction and whether it goes through the client") {
  const ReadStatement in("COPY app.t (a, b) FROM STDIN");
  CHECK(describe(in.as<sql::Copy>().table) == "app.t");
  CHECK(in.as<sql::Copy>().from);
  CHECK(in.as<sql::Copy>().standard_stream);
  const ReadStatement out("COPY (SELECT 1) TO '/tmp/x'");
  CHECK_FALSE(out.as<sql::Copy>().from);
  CHECK_FALSE(out.as<sql::Copy>().standard_stream);
  CHECK_FALSE(ReadStatement("COPY t TO PROGRAM 'cat'").as<sql::Copy>().standard_stream);
}
