// What PostgreSQL 15 answered to each of these statements after BEGIN: "... cannot run inside a transaction block"
// (25001), or not. CALL and DO of what commits fail there too, with "invalid transaction termination".
#include <set>

#include <fmt/format.h>

#include "support/catch.hpp"
#include "unit/sql/sections.hpp"

using namespace migrate;
using sql::BlockRule;
using sql::TransactionControl;

namespace {

std::string rule(std::string_view statement) {
  const auto facts = sql::examine_statement(statement);
  std::string text = facts.block_rule == BlockRule::allowed     ? "allowed"
                     : facts.block_rule == BlockRule::forbidden ? "forbidden"
                                                                : "control";
  if (facts.concurrently) text += " concurrently";
  if (!facts.parsed) text += " (not parsed)";
  return text;
}

}  // namespace

TEST_CASE("statements that PostgreSQL refuses in a transaction block are known") {
  for (const std::string statement : {"CREATE DATABASE x",
                                      "DROP DATABASE IF EXISTS x",
                                      "ALTER DATABASE d SET TABLESPACE pg_default",
                                      "CREATE TABLESPACE t LOCATION '/x'",
                                      "DROP TABLESPACE t",
                                      "ALTER SYSTEM SET work_mem = '4MB'",
                                      "ALTER SYSTEM RESET ALL",
                                      "REINDEX SCHEMA s",
                                      "REINDEX DATABASE d",
                                      "REINDEX SYSTEM d",
                                      "VACUUM",
                                      "VACUUM FULL t",
                                      "VACUUM (ANALYZE) t",
                                      "CLUSTER",
                                      "CLUSTER VERBOSE",
                                      "DISCARD ALL",
                                      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p",
                                      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (enabled = false)",
                                      "DROP SUBSCRIPTION s",
                                      "ALTER SUBSCRIPTION s REFRESH PUBLICATION",
                                      "ALTER SUBSCRIPTION s SET PUBLICATION p",
                                      "ALTER SUBSCRIPTION s ADD PUBLICATION p",
                                      "ALTER SUBSCRIPTION s DROP PUBLICATION p WITH (refresh = true)",
                                      "ALTER SUBSCRIPTION s SET (failover = true)",
                                      "COMMIT PREPARED 'x'",
                                      "ROLLBACK PREPARED 'x'"}) {
    INFO(statement);
    CHECK(rule(statement) == "forbidden");
  }
}

TEST_CASE("statements that wait for old snapshots are known") {
  for (const std::string statement :
       {"CREATE INDEX CONCURRENTLY i ON t (a)", "create unique index concurrently on t (a)",
        "DROP INDEX CONCURRENTLY IF EXISTS i", "REINDEX INDEX CONCURRENTLY i", "REINDEX (CONCURRENTLY) TABLE t",
        "REINDEX (VERBOSE, CONCURRENTLY on) TABLE t", "REINDEX SCHEMA CONCURRENTLY s",
        "ALTER TABLE t DETACH PARTITION p CONCURRENTLY"}) {
    INFO(statement);
    CHECK(rule(statement) == "forbidden concurrently");
  }
}

TEST_CASE("their transactional relations are allowed") {
  for (const std::string statement : {"ALTER DATABASE d SET work_mem = '4MB'",
                                      "ALTER DATABASE d RENAME TO e",
                                      "ALTER DATABASE d CONNECTION LIMIT 5",
                                      "ALTER DATABASE d REFRESH COLLATION VERSION",
                                      "ALTER TABLESPACE t SET (seq_page_cost = 1)",
                                      "CREATE INDEX i ON t (a)",
                                      "DROP INDEX i",
                                      "REINDEX INDEX i",
                                      "REINDEX TABLE t",
                                      "REINDEX (CONCURRENTLY false) INDEX i",
                                      "REINDEX (CONCURRENTLY 0) INDEX i",
                                      "ANALYZE t",
                                      "CLUSTER t",
                                      "CLUSTER t USING i",
                                      "DISCARD PLANS",
                                      "DISCARD TEMP",
                                      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (create_slot = false)",
                                      "CREATE SUBSCRIPTION s CONNECTION 'x' PUBLICATION p WITH (connect = false)",
                                      "ALTER SUBSCRIPTION s SET PUBLICATION p WITH (refresh = false)",
                                      "ALTER SUBSCRIPTION s DROP PUBLICATION p WITH (refresh = off)",
                                      "ALTER SUBSCRIPTION s SET (binary = true)",
                                      "ALTER SUBSCRIPTION s DISABLE",
                                      "ALTER TABLE t DETACH PARTITION p",
                                      "ALTER TABLE t DETACH PARTITION p FINALIZE",
                                      "REFRESH MATERIALIZED VIEW CONCURRENTLY v",
                                      "ALTER TYPE mood ADD VALUE 'x'",
                                      "CALL p()",
                                      "DO 'begin end'",
                                      "CHECKPOINT",
                                      "LOAD 'x'",
                                      "LOCK TABLE t",
                                      "TRUNCATE t",
                                      "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
                                      "LISTEN x",
                                      "NOTIFY x",
                                      "SELECT 'CREATE INDEX CONCURRENTLY'"}) {
    INFO(statement);
    CHECK(rule(statement) == "allowed");
  }
}

TEST_CASE("transaction control is told from all else") {
  const auto control = [](std::string_view statement) {
    const auto facts = sql::examine_statement(statement);
    CHECK(facts.block_rule == BlockRule::transaction_control);
    return facts.transaction_control;
  };
  for (const auto* statement : {"BEGIN", "begin work isolation level serializable", "START TRANSACTION READ WRITE"}) {
    CHECK(control(statement) == TransactionControl::begin);
  }
  for (const auto* statement : {"COMMIT", "END", "end transaction", "COMMIT AND CHAIN"}) {
    CHECK(control(statement) == TransactionControl::commit);
  }
  for (const auto* statement : {"ROLLBACK", "ABORT", "ROLLBACK AND CHAIN"}) {
    CHECK(control(statement) == TransactionControl::rollback);
  }
  for (const auto* statement : {"SAVEPOINT a", "RELEASE a", "ROLLBACK TO a", "PREPARE TRANSACTION 'x'"}) {
    CHECK(control(statement) == TransactionControl::other);
  }
  CHECK(sql::examine_statement("PREPARE p AS SELECT 1").transaction_control == TransactionControl::none);
}

TEST_CASE("SQL that the parser does not know is judged by its first words") {
  CHECK(rule("CREATE UNIQUE INDEX CONCURRENTLY i ON t (a) WITH NEW SYNTAX") == "forbidden concurrently (not parsed)");
  CHECK(rule("DROP INDEX CONCURRENTLY i SOMEHOW") == "forbidden concurrently (not parsed)");
  CHECK(rule("REINDEX TABLE CONCURRENTLY t SOMEHOW") == "forbidden concurrently (not parsed)");
  CHECK(rule("VACUUM t SOMEHOW DIFFERENT") == "forbidden (not parsed)");
  CHECK(rule("ALTER TABLE t FROBNICATE") == "allowed (not parsed)");
  CHECK(rule("COMMIT SOMEHOW") == "control (not parsed)");
}

TEST_CASE("a syntax error has its place in bytes") {
  const auto facts = sql::examine_statement("ALTER TABLE \"\xC3\xA9\xC3\xA9\" ADD COLUMN TABEL 1");
  CHECK_FALSE(facts.parsed);
  REQUIRE(facts.syntax_error);
  CHECK(facts.syntax_error->message == "syntax error at or near \"1\"");
  CHECK(facts.syntax_error->at.value == 36);
  CHECK(facts.summary == "ALTER TABLE \"\xC3\xA9\xC3\xA9\" ADD COLUMN TABEL");

  const auto whole = sql::examine_statement("CREATE TABLE t (a int");
  REQUIRE(whole.syntax_error);
  CHECK(whole.syntax_error->message == "syntax error at end of input");
  CHECK(whole.syntax_error->at.value == 21);
}

TEST_CASE("COPY with the client is told from COPY with a file") {
  const auto copies = [](std::string_view statement) {
    const auto facts = sql::examine_statement(statement);
    return std::pair(facts.is_copy_from_stdin, facts.is_copy_to_stdout);
  };
  CHECK(copies("COPY t FROM stdin") == std::pair(true, false));
  CHECK(copies("COPY t (\"from\") FROM STDIN CSV") == std::pair(true, false));
  CHECK(copies("COPY t FROM STDOUT") == std::pair(true, false));
  CHECK(copies("COPY (SELECT a FROM stdin) TO STDOUT") == std::pair(false, true));
  CHECK(copies("COPY t TO STDOUT") == std::pair(false, true));
  CHECK(copies("COPY t FROM '/x'") == std::pair(false, false));
  CHECK(copies("COPY t FROM PROGRAM 'stdin'") == std::pair(false, false));
  CHECK(copies("SELECT 1 FROM stdin") == std::pair(false, false));
}

TEST_CASE("a very large statement is known by its first words, without a tree") {
  std::string insert = "INSERT INTO t VALUES (0)";
  while (insert.size() < 5'000'000) insert += ", (1)";
  const auto facts = sql::examine_statement(insert);
  CHECK(facts.parsed);
  CHECK(facts.summary == "INSERT INTO t");
  CHECK(facts.block_rule == BlockRule::allowed);
}

TEST_CASE("deep expressions are examined") {
  std::string sum = "SELECT 1";
  for (int i = 0; i < 3000; ++i) sum += " + 1";
  CHECK(sql::examine_statement(sum).tag == "SELECT");
  const std::string nested = "SELECT " + std::string(100'000, '(') + "1" + std::string(100'000, ')');
  const auto facts = sql::examine_statement(nested);
  CHECK(facts.tag == "SELECT");
  CHECK_FALSE(facts.parsed);
}

TEST_CASE("data that a statement throws away is named") {
  const auto destroyed = [](std::string_view statement) {
    std::string text;
    for (const auto& object : sql::examine_statement(statement).destroys) {
      if (!text.empty()) text += "; ";
      text += fmt::format("{} [{}]", object.name, object.table);
    }
    return text;
  };
  CHECK(destroyed("DROP TABLE IF EXISTS a, Public.\"Order\" CASCADE") == "a [a]; public.\"Order\" [public.\"Order\"]");
  CHECK(destroyed("ALTER TABLE s.t DROP COLUMN a, ADD b int, DROP \"C\"") == "s.t.a [s.t]; s.t.\"C\" [s.t]");
  CHECK(destroyed("ALTER TABLE t DROP CONSTRAINT c") == "");
  CHECK(destroyed("ALTER VIEW v RENAME COLUMN a TO b") == "");
  CHECK(destroyed("TRUNCATE a, b") == "a [a]; b [b]");
  CHECK(destroyed("DELETE FROM t") == "t [t]");
  CHECK(destroyed("DELETE FROM t WHERE id = 1") == "");
  CHECK(destroyed("DROP SCHEMA s") == "");
  CHECK(destroyed("DROP SCHEMA s, t CASCADE") == "schema s []; schema t []");
  CHECK(destroyed("DROP DATABASE d") == "database d []");
  CHECK(destroyed("DROP OWNED BY app, CURRENT_USER") == "all that app owns []; all that the current role owns []");
  CHECK(destroyed("DROP VIEW v") == "");
  CHECK(destroyed("DROP MATERIALIZED VIEW v") == "");
}
