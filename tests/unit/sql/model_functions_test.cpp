// Views, triggers, functions, DO, and PL/pgSQL bodies.
#include "unit/sql/model_describe.hpp"

using namespace migrate;
using namespace migrate::test;

TEST_CASE("views tell what they read and how they are made") {
  const ReadStatement view("CREATE OR REPLACE TEMP VIEW v AS SELECT * FROM a, app.b WHERE EXISTS (SELECT FROM c)");
  CHECK(describe(view.as<sql::CreateView>().name) == "v");
  CHECK(view.as<sql::CreateView>().or_replace);
  CHECK(view.as<sql::CreateView>().temporary);
  CHECK_FALSE(view.as<sql::CreateView>().materialized);
  CHECK(describe(view.as<sql::CreateView>().reads) == "a, app.b, c");
  const ReadStatement stored("CREATE MATERIALIZED VIEW IF NOT EXISTS app.v AS SELECT * FROM a WITH NO DATA");
  CHECK(stored.text(stored.as<sql::CreateView>().name.range) == "app.v");
  CHECK(stored.as<sql::CreateView>().materialized);
  CHECK(stored.as<sql::CreateView>().if_not_exists);
  CHECK_FALSE(stored.as<sql::CreateView>().with_data);
  CHECK(describe(stored.as<sql::CreateView>().reads) == "a");
  const ReadStatement refresh("REFRESH MATERIALIZED VIEW CONCURRENTLY app.v");
  CHECK(describe(refresh.as<sql::RefreshView>().name) == "app.v");
  CHECK(refresh.as<sql::RefreshView>().concurrently);
  CHECK(refresh.as<sql::RefreshView>().with_data);
}

TEST_CASE("triggers tell their table and their function") {
  const ReadStatement read(
      "CREATE CONSTRAINT TRIGGER \"Tr\" AFTER INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.f('x')");
  const auto& trigger = read.as<sql::CreateTrigger>();
  CHECK(trigger.name == "Tr");
  CHECK(read.text(trigger.name_range) == "\"Tr\"");
  CHECK(read.text(trigger.table.range) == "app.t");
  CHECK(describe(trigger.function) == "app.f");
  CHECK(trigger.constraint);
  CHECK_FALSE(trigger.or_replace);
  CHECK(ReadStatement("CREATE OR REPLACE TRIGGER tr BEFORE UPDATE ON t EXECUTE PROCEDURE f()")
            .as<sql::CreateTrigger>()
            .or_replace);
}

TEST_CASE("a function's body is told, with its place where it stands there verbatim") {
  struct Case {
    std::string statement;
    std::string body;
    std::string written;
  };
  const Case cases[] = {
      {"CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$SELECT 1; $$", "SELECT 1; ", "SELECT 1; "},
      {"CREATE FUNCTION f() RETURNS int AS $body$SELECT '$$'$body$ LANGUAGE 'sql' STABLE", "SELECT '$$'",
       "SELECT '$$'"},
      {"CREATE FUNCTION f() RETURNS int AS 'SELECT 1' LANGUAGE sql", "SELECT 1", "SELECT 1"},
      {"CREATE FUNCTION f() RETURNS text AS 'SELECT ''a''' LANGUAGE sql", "SELECT 'a'", ""},
      {"CREATE FUNCTION f() RETURNS text AS E'SELECT\\n1' LANGUAGE sql", "SELECT\n1", ""},
      {"CREATE FUNCTION f(a int DEFAULT 1) RETURNS int RETURN a + 1", "RETURN a + 1", "RETURN a + 1"},
      {"CREATE FUNCTION f() RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT 1; SELECT 2; END",
       "BEGIN ATOMIC SELECT 1; SELECT 2; END", "BEGIN ATOMIC SELECT 1; SELECT 2; END"},
  };
  for (const auto& each : cases) {
    INFO(each.statement);
    const ReadStatement read(each.statement);
    const auto& function = read.as<sql::CreateFunction>();
    CHECK(function.language == "sql");
    CHECK(function.body == each.body);
    CHECK(read.text(function.body_range) == each.written);
  }
}

TEST_CASE("functions and procedures tell what they are") {
  const ReadStatement read("CREATE OR REPLACE FUNCTION app.\"F\"(a int, OUT b int) IMMUTABLE LANGUAGE PLpgSQL AS 'x'");
  const auto& function = read.as<sql::CreateFunction>();
  CHECK(describe(function.name) == "app.\"F\"");
  CHECK(read.text(function.name.range) == "app.\"F\"");
  CHECK(function.or_replace);
  CHECK_FALSE(function.procedure);
  CHECK(function.language == "plpgsql");
  CHECK(function.volatility == "immutable");
  CHECK(function.arguments == 2);
  CHECK(ReadStatement("CREATE PROCEDURE p() LANGUAGE sql AS 'x'").as<sql::CreateFunction>().procedure);

  const ReadStatement block("DO LANGUAGE plpython3u $x$pass$x$");
  CHECK(block.as<sql::DoBlock>().language == "plpython3u");
  CHECK(block.text(block.as<sql::DoBlock>().body_range) == "pass");
  CHECK(ReadStatement("DO $$BEGIN END$$").as<sql::DoBlock>().language == "plpgsql");
}

TEST_CASE("the statements in a PL/pgSQL body are told, and those made at run time counted") {
  const auto embedded = sql::read_plpgsql(
      "CREATE FUNCTION f(n int) RETURNS SETOF int LANGUAGE plpgsql AS $$\n"
      "DECLARE r record; v int := 1;\n"
      "BEGIN\n"
      "  UPDATE t SET a = 1 WHERE b = n;\n"
      "  IF n > 1 THEN\n"
      "    INSERT INTO u VALUES ('it''s; \"x\"');\n"
      "  ELSE\n"
      "    PERFORM g(n);\n"
      "  END IF;\n"
      "  FOR r IN SELECT * FROM w LOOP\n"
      "    DELETE FROM t;\n"
      "    EXECUTE format('DROP TABLE %I', r.x);\n"
      "  END LOOP;\n"
      "  RETURN QUERY SELECT 1;\n"
      "  RETURN QUERY EXECUTE 'SELECT 2';\n"
      "EXCEPTION WHEN others THEN\n"
      "  CREATE TABLE x ();\n"
      "END $$");
  CHECK(embedded.parsed);
  CHECK(embedded.dynamic == 2);
  CHECK(embedded.statements ==
        std::vector<std::string>{"UPDATE t SET a = 1 WHERE b = n", "INSERT INTO u VALUES ('it''s; \"x\"')",
                                 "SELECT g(n)", "SELECT * FROM w", "DELETE FROM t", "SELECT 1", "CREATE TABLE x ()"});
}

TEST_CASE("a DO block is PL/pgSQL, and what is not is told so") {
  const auto block = sql::read_plpgsql("DO $$BEGIN DELETE FROM t; END$$");
  CHECK(block.parsed);
  CHECK(block.statements == std::vector<std::string>{"DELETE FROM t"});
  CHECK(block.dynamic == 0);
  for (const char* text :
       {"", "SELECT 1", "DO $$ nonsense $$", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        "DO LANGUAGE plpython3u $$pass$$", "DO $$BEGIN DELETE FROM t", "\xff\xfe"}) {
    INFO(text);
    const auto other = sql::read_plpgsql(text);
    CHECK_FALSE(other.parsed);
    CHECK(other.statements.empty());
    CHECK(other.dynamic == 0);
  }
}
