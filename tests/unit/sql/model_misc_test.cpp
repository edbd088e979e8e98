// Maintenance, the session, remarks, and everything else.
#include "unit/sql/model_describe.hpp"

using namespace migrate;
using namespace migrate::test;

TEST_CASE("statements on whole tables tell which") {
  const ReadStatement truncate("TRUNCATE TABLE ONLY a, app.\"B\" RESTART IDENTITY CASCADE");
  CHECK(describe(truncate.as<sql::Truncate>().tables) == "a, app.\"B\"");
  CHECK(truncate.text(truncate.as<sql::Truncate>().tables[1].range) == "app.\"B\"");
  CHECK(truncate.as<sql::Truncate>().cascade);

  const ReadStatement lock("LOCK TABLE a, b IN SHARE ROW EXCLUSIVE MODE");
  CHECK(describe(lock.as<sql::LockTable>().tables) == "a, b");
  CHECK(lock.as<sql::LockTable>().mode == "SHARE ROW EXCLUSIVE");
  CHECK(ReadStatement("LOCK a").as<sql::LockTable>().mode == "ACCESS EXCLUSIVE");

  const ReadStatement vacuum("VACUUM (FULL, VERBOSE off) a, app.b (x)");
  CHECK(describe(vacuum.as<sql::Vacuum>().tables) == "a, app.b");
  CHECK(vacuum.as<sql::Vacuum>().full);
  CHECK_FALSE(vacuum.as<sql::Vacuum>().analyze_only);
  CHECK(ReadStatement("ANALYZE a").as<sql::Vacuum>().analyze_only);
  CHECK_FALSE(ReadStatement("VACUUM (FULL off) a").as<sql::Vacuum>().full);

  CHECK(describe(*ReadStatement("CLUSTER app.a USING ix").as<sql::Cluster>().table) == "app.a");
  CHECK_FALSE(ReadStatement("CLUSTER").as<sql::Cluster>().table);
}

TEST_CASE("SET and RESET tell the variable, its values and where LOCAL would stand") {
  struct Case {
    std::string statement;
    std::string expected;
  };
  const Case cases[] = {
      {"SET search_path = app, public", "search_path app|public {SET}"},
      {"SET LOCAL Lock_Timeout TO '5s'", "lock_timeout 5s local {SET LOCAL}"},
      {"SET SESSION statement_timeout = 500", "statement_timeout 500 {SET SESSION}"},
      {"SET work_mem TO DEFAULT", "work_mem  reset {SET}"},
      {"SET app.tenant = -1.5", "app.tenant -1.5 {SET}"},
      {"SET enable_seqscan = off", "enable_seqscan off {SET}"},
      {"SET ROLE \"Owner\"", "role Owner {SET}"},
      {"RESET ROLE", "role  reset {RESET}"},
      {"SET SESSION AUTHORIZATION me", "session_authorization me {SET}"},
      {"SET TIME ZONE 'UTC'", "timezone UTC {SET}"},
      {"SET TRANSACTION ISOLATION LEVEL SERIALIZABLE", "transaction transaction_isolation {SET}"},
      {"SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY", "session characteristics transaction_read_only {SET}"},
      {"SET SCHEMA 'app'", "search_path app {SET}"},
      {"RESET ALL", "all  reset {RESET}"},
      {"RESET search_path", "search_path  reset {RESET}"},
  };
  for (const auto& each : cases) {
    INFO(each.statement);
    const ReadStatement read(each.statement);
    const auto& set = read.as<sql::SetVariable>();
    CHECK(fmt::format("{} {}{}{} {{{}}}", set.name, fmt::join(set.values, "|"), set.local ? " local" : "",
                      set.reset ? " reset" : "", read.text(set.keyword_range)) == each.expected);
  }
}

TEST_CASE("transaction control is told by its word") {
  for (const char* word : {"BEGIN", "START TRANSACTION", "COMMIT", "ROLLBACK"}) {
    CHECK(ReadStatement(word).as<sql::Transaction>().word == word);
  }
  CHECK(ReadStatement("END").as<sql::Transaction>().word == "COMMIT");
  CHECK(ReadStatement("ABORT").as<sql::Transaction>().word == "ROLLBACK");
  CHECK(ReadStatement("SAVEPOINT s").as<sql::Transaction>().word == "SAVEPOINT");
  CHECK(ReadStatement("RELEASE s").as<sql::Transaction>().word == "RELEASE SAVEPOINT");
  CHECK(ReadStatement("ROLLBACK TO s").as<sql::Transaction>().word == "ROLLBACK TO SAVEPOINT");
  CHECK(ReadStatement("COMMIT PREPARED 'x'").as<sql::Transaction>().word == "COMMIT PREPARED");
}

TEST_CASE("COMMENT tells what is spoken of") {
  struct Case {
    std::string statement;
    std::string expected;
  };
  const Case cases[] = {
      {"COMMENT ON TABLE app.t IS 'x'", "table app.t "},
      {"COMMENT ON COLUMN app.t.\"C\" IS 'x'", "column app.t C"},
      {"COMMENT ON COLUMN t.c IS NULL", "column t c removes"},
      {"COMMENT ON CONSTRAINT k ON app.t IS 'x'", "constraint app.t "},
      {"COMMENT ON CONSTRAINT k ON DOMAIN app.d IS 'x'", "constraint app.d "},
      {"COMMENT ON TRIGGER tr ON t IS 'x'", "trigger t "},
      {"COMMENT ON FUNCTION app.f(int) IS 'x'", "function app.f "},
      {"COMMENT ON TYPE app.mood IS 'x'", "type app.mood "},
      {"COMMENT ON SCHEMA app IS 'x'", "schema app "},
      {"COMMENT ON EXTENSION citext IS ''", "extension citext  removes"},
  };
  for (const auto& each : cases) {
    INFO(each.statement);
    const ReadStatement read(each.statement);
    const auto& comment = read.as<sql::Comment>();
    CHECK(fmt::format("{} {} {}{}", sql::to_text(comment.object), describe(comment.name), comment.column,
                      comment.removes ? " removes" : "") == each.expected);
  }
}

TEST_CASE("GRANT and REVOKE tell what they are about") {
  const auto describe_grant = [](const std::string& statement) {
    const ReadStatement read(statement);
    const auto& grant = read.as<sql::Privileges>();
    return fmt::format("{} {} {}", grant.grant ? "grant" : "revoke", sql::to_text(grant.object),
                       describe(grant.objects));
  };
  CHECK(describe_grant("GRANT SELECT ON a, app.b TO me") == "grant table a, app.b");
  CHECK(describe_grant("REVOKE ALL ON SCHEMA app FROM public") == "revoke schema app");
  CHECK(describe_grant("GRANT EXECUTE ON FUNCTION app.f(int) TO me") == "grant function app.f");
  CHECK(describe_grant("GRANT SELECT ON ALL TABLES IN SCHEMA app TO me") == "grant table app");
  CHECK(describe_grant("GRANT reader TO me") == "grant role reader");
}

TEST_CASE("policies, rules, extensions and statistics are told by name") {
  const ReadStatement policy("CREATE POLICY \"P\" ON app.t USING (true)");
  CHECK(policy.as<sql::CreatePolicy>().name == "P");
  CHECK(describe(policy.as<sql::CreatePolicy>().table) == "app.t");
  const ReadStatement rule("CREATE RULE r AS ON INSERT TO app.t DO INSTEAD NOTHING");
  CHECK(rule.as<sql::CreateRule>().name == "r");
  CHECK(describe(rule.as<sql::CreateRule>().table) == "app.t");
  const ReadStatement extension("CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" SCHEMA x");
  CHECK(extension.as<sql::CreateExtension>().name == "uuid-ossp");
  CHECK(extension.as<sql::CreateExtension>().if_not_exists);
  const ReadStatement statistics("CREATE STATISTICS app.s ON a, b FROM app.t");
  CHECK(describe(statistics.as<sql::CreateStatistics>().name) == "app.s");
  CHECK(statistics.text(statistics.as<sql::CreateStatistics>().name.range) == "app.s");
  CHECK(describe(statistics.as<sql::CreateStatistics>().tables) == "app.t");
}

TEST_CASE("everything else is known by its tag and the relations it names") {
  struct Case {
    std::string statement;
    std::string tag;
    std::string names;
  };
  const Case cases[] = {
      {"CREATE DATABASE d", "CREATE DATABASE", ""},
      {"ALTER SYSTEM SET work_mem = '1GB'", "ALTER SYSTEM", ""},
      {"CALL app.p(1)", "CALL", "app.p"},
      {"ALTER FUNCTION app.f(int) OWNER TO me", "ALTER FUNCTION", "app.f"},
      {"ALTER POLICY p ON t USING (false)", "ALTER POLICY", "t"},
      {"CREATE AGGREGATE app.agg (int) (sfunc = f, stype = int)", "CREATE AGGREGATE", "app.agg"},
      {"CREATE PUBLICATION p FOR TABLE a, app.b", "CREATE PUBLICATION", "a, app.b"},
      {"EXPLAIN SELECT * FROM t", "EXPLAIN", "t"},
  };
  for (const auto& each : cases) {
    INFO(each.statement);
    const ReadStatement read(each.statement);
    CHECK(read.model.parsed);
    CHECK(read.as<sql::Other>().tag == each.tag);
    CHECK(describe(read.as<sql::Other>().names) == each.names);
  }
}

TEST_CASE("SQL that the parser does not know keeps its tag and its tokens") {
  const ReadStatement read("CREATE TABLE t (a int WITHOUT A PARSER /* x */)");
  CHECK_FALSE(read.model.parsed);
  CHECK(read.as<sql::Other>().tag == "CREATE TABLE");
  CHECK(read.model.tokens.size() == 11);
  CHECK(read.text(read.model.tokens.front().range) == "CREATE");
  CHECK(read.text(read.model.tokens[9].range) == "/* x */");
  CHECK(read.model.tokens[9].kind == sql::TokenKind::comment);
}

TEST_CASE("the first words of a statement are a range without what stands before them") {
  const ReadStatement read("/* why */ CREATE -- how\n UNIQUE INDEX i ON t (a)");
  CHECK(read.text(sql::first_words(read.model, 1)) == "CREATE");
  CHECK(read.text(sql::first_words(read.model, 3)) == "CREATE -- how\n UNIQUE INDEX");
  CHECK(sql::first_words(read.model, 0).empty());
  CHECK(read.text(sql::first_words(read.model, 100)) == "CREATE -- how\n UNIQUE INDEX i ON t (a)");
}

TEST_CASE("names are quoted where the server would take them for something else") {
  CHECK(sql::to_text(sql::QualifiedName{"app", "users", {}}) == "app.users");
  CHECK(sql::to_text(sql::QualifiedName{"", "Users", {}}) == "\"Users\"");
  CHECK(sql::to_text(sql::QualifiedName{"my app", "a\"b", {}}) == "\"my app\".\"a\"\"b\"");
  CHECK(sql::to_text(sql::QualifiedName{"", "user", {}}) == "\"user\"");
  CHECK(sql::to_text(sql::QualifiedName{"", "order", {}}) == "\"order\"");
  CHECK(sql::to_text(sql::QualifiedName{"", "name", {}}) == "name");
  CHECK(sql::to_text(sql::QualifiedName{"", "1st", {}}) == "\"1st\"");
}

TEST_CASE("a statement too large to be read is known by its tag") {
  std::string rows = "INSERT INTO t VALUES (0)";
  rows.reserve(5U << 20U);
  while (rows.size() < (4U << 20U)) rows += ",\n(1234567890)";
  const ReadStatement read(rows);
  CHECK_FALSE(read.model.parsed);
  CHECK(read.as<sql::Other>().tag == "INSERT");
  CHECK_FALSE(read.model.tokens.empty());
}

TEST_CASE("names with escapes and long names are found where they stand") {
  const ReadStatement read("CREATE TABLE U&\"d!0061ta\" UESCAPE '!' (a int)");
  const auto& table = read.as<sql::CreateTable>();
  CHECK(table.name.name == "data");
  CHECK(table.columns.size() == 1);
  const std::string long_name(70, 'x');
  const ReadStatement cut("ALTER TABLE t ADD CONSTRAINT " + long_name + " UNIQUE (a)");
  const auto& constraint = *cut.as<sql::AlterTable>().commands.at(0).constraint;
  CHECK(constraint.name == long_name.substr(0, 63));
  CHECK(cut.text(constraint.name_range) == long_name);
}

TEST_CASE("of SQL that the parser does not know, the words tell the table that is made or altered") {
  const auto names = [](const std::string& statement) {
    const ReadStatement read(statement);
    CHECK_FALSE(read.model.parsed);
    return describe(read.as<sql::Other>().names);
  };
  CHECK(names("ALTER TABLE IF EXISTS ONLY App.\"T\"\"x\" FROBNICATE") == "app.\"T\"\"x\"");
  CHECK(names("/* new */ alter table a, b frobnicate") == "a");
  CHECK(names("CREATE UNLOGGED TABLE IF NOT EXISTS a (id int) SOMEHOW") == "a");
  CHECK(names("CREATE TEMP TABLE a (id int) SOMEHOW") == "");
  CHECK(names("ALTER TABLE a.b.c FROBNICATE") == "");
  CHECK(names("ALTER TABLE") == "");
  CHECK(names("CREATE INDEX i ON a (b) SOMEHOW ODD") == "");
  const ReadStatement read("ALTER TABLE app.a FROBNICATE");
  CHECK(read.text(read.as<sql::Other>().names.at(0).range) == "app.a");
}
