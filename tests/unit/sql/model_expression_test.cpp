// Expressions of models, as defaults and checks.
#include "unit/sql/model_describe.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

struct Case {
  std::string written;
  std::string expected;
};

std::string describe_default(const std::string& written) {
  const ReadStatement read("ALTER TABLE t ALTER c SET DEFAULT " + written);
  const auto& commands = read.as<sql::AlterTable>().commands;
  REQUIRE(commands.size() == 1);
  REQUIRE(commands[0].expression);
  REQUIRE(read.text(commands[0].expression->range) == commands[0].expression->text);
  return describe(*commands[0].expression);
}

std::string describe_check(const std::string& written) {
  const ReadStatement read("ALTER TABLE t ADD CHECK (" + written + ") NOT VALID");
  const auto& commands = read.as<sql::AlterTable>().commands;
  REQUIRE(commands.size() == 1);
  REQUIRE(commands[0].constraint);
  REQUIRE(commands[0].constraint->not_valid);
  REQUIRE(commands[0].constraint->expression);
  return describe(*commands[0].constraint->expression);
}

}  // namespace

TEST_CASE("constants are literals however they are cast, signed and put into arrays") {
  for (const auto& written : {"1",
                              "-1",
                              "- 2.5",
                              "+3",
                              "'a'",
                              "true",
                              "FALSE",
                              "'{}'::jsonb",
                              "CAST('{}' AS jsonb)",
                              "'1'::text::int",
                              "ARRAY[]::text[]",
                              "ARRAY[1, -2]",
                              "ARRAY[ARRAY[1], ARRAY[2]]",
                              "'x' COLLATE \"C\"",
                              "interval '1 day'",
                              "timestamptz 'now'",
                              "B'101'",
                              "x'ff'",
                              "$$it's$$",
                              "E'a\\n'",
                              "ROW(1, 'a')",
                              "(((7)))",
                              "99999999999999"}) {
    CHECK(describe_default(written) == "`" + std::string(written) + "` literal");
  }
}

TEST_CASE("NULL is a literal of its own, also where it is cast") {
  CHECK(describe_default("NULL") == "`NULL` literal null");
  CHECK(describe_default("NULL::text") == "`NULL::text` literal null");
  CHECK(describe_default("CAST(NULL AS int[])") == "`CAST(NULL AS int[])` literal null");
  CHECK(describe_default("ARRAY[NULL]") == "`ARRAY[NULL]` literal");
}

TEST_CASE("what the server computes is no literal, and every call in it is told") {
  const Case cases[] = {
      {"now()", "`now()` functions now/0"},
      {"CURRENT_TIMESTAMP", "`CURRENT_TIMESTAMP`"},
      {"1 + 1", "`1 + 1`"},
      {"ARRAY[now()]", "`ARRAY[now()]` functions now/0"},
      {"pg_catalog.now()", "`pg_catalog.now()` functions pg_catalog.now/0"},
      {"app.\"New Id\"('x')", "`app.\"New Id\"('x')` functions app.\"New Id\"/1"},
      {"now() AT TIME ZONE 'utc'", "`now() AT TIME ZONE 'utc'` functions pg_catalog.timezone/2, now/0"},
      {"extract(epoch from now())", "`extract(epoch from now())` functions pg_catalog.\"extract\"/2, now/0"},
      {"coalesce(f(1), g(), nullif(h(), 2))", "`coalesce(f(1), g(), nullif(h(), 2))` functions f/1, g/0, h/0"},
      {"CASE WHEN f() THEN g() ELSE h() END", "`CASE WHEN f() THEN g() ELSE h() END` functions f/0, g/0, h/0"},
      {"greatest(f(), 1)", "`greatest(f(), 1)` functions f/0"},
      {"nextval('s'::regclass)", "`nextval('s'::regclass)` functions nextval/1"},
      {"(md5(random()::text))::uuid", "`(md5(random()::text))::uuid` functions md5/1, random/0"},
      {"(select max(id) from other)", "`(select max(id) from other)` subquery functions max/1 columns id"},
  };
  for (const auto& each : cases) CHECK(describe_default(each.written) == each.expected);
}

TEST_CASE("columns are told once and without their table") {
  CHECK(describe_check("a > 0 AND t.b < a AND \"C d\" = (b)") ==
        "`a > 0 AND t.b < a AND \"C d\" = (b)` columns a, b, C d");
  CHECK(describe_check("num_nonnulls(a, b) = 1") == "`num_nonnulls(a, b) = 1` functions num_nonnulls/2 columns a, b");
  CHECK(describe_check("t.* IS DISTINCT FROM NULL") == "`t.* IS DISTINCT FROM NULL`");
}

TEST_CASE("a column is proved not to be null by a part that must hold") {
  const Case cases[] = {
      {"a IS NOT NULL", "`a IS NOT NULL` columns a proves a"},
      {"(t.a) IS NOT NULL", "`(t.a) IS NOT NULL` columns a proves a"},
      {"a IS NOT NULL AND b IS NOT NULL AND c > 1",
       "`a IS NOT NULL AND b IS NOT NULL AND c > 1` columns a, b, c proves a, b"},
      {"NOT (a IS NULL)", "`NOT (a IS NULL)` columns a proves a"},
      {"NOT (a IS NULL OR b IS NULL)", "`NOT (a IS NULL OR b IS NULL)` columns a, b proves a, b"},
      {"NOT (a IS NULL AND b IS NULL)", "`NOT (a IS NULL AND b IS NULL)` columns a, b"},
      {"NOT NOT a IS NOT NULL", "`NOT NOT a IS NOT NULL` columns a proves a"},
      {"a IS NOT NULL OR b IS NOT NULL", "`a IS NOT NULL OR b IS NOT NULL` columns a, b"},
      {"a IS NULL", "`a IS NULL` columns a"},
      {"a > 0", "`a > 0` columns a"},
      {"lower(a) IS NOT NULL", "`lower(a) IS NOT NULL` functions lower/1 columns a"},
      {"b > 0 AND (c > 0 AND (a IS NOT NULL))", "`b > 0 AND (c > 0 AND (a IS NOT NULL))` columns b, c, a proves a"},
  };
  for (const auto& each : cases) CHECK(describe_check(each.written) == each.expected);
}

TEST_CASE("an expression of two thousand parts is walked") {
  std::string sum = "0";
  for (int i = 0; i < 2000; ++i) sum += " + f(" + std::to_string(i) + ")";
  const ReadStatement read("ALTER TABLE t ALTER c SET DEFAULT " + sum);
  CHECK(read.as<sql::AlterTable>().commands[0].expression->functions.size() == 2000);
}
