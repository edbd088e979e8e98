// Statements that must return true, on real servers.
#include "integration/run_ground.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

struct Ground : RunGround {
  Ground() {
    database.execute(
        "CREATE TABLE account (id int PRIMARY KEY, plan text); INSERT INTO account VALUES (1, 'free'), (2, NULL)");
  }
  std::string failing(const db::RevisionRun& revision) {
    const auto report = run(revision);
    REQUIRE_FALSE(report);
    return "\n" + told(report.error(), revision, session);
  }
  std::string message(const std::string& select) {
    const auto report = run(make_run("a1", "-- migrate:assert\n" + select));
    return report ? "" : report.error().server_error.message;
  }
};

}  // namespace

TEST_CASE("assertions that hold are statements like others") {
  Ground ground;
  REQUIRE(ground.run(make_run("a1",
                              "-- migrate:assert there are accounts\nSELECT count(*) > 0 FROM account;\n"
                              "UPDATE account SET plan = 'free' WHERE plan IS NULL;\n"
                              "-- migrate:assert\nSELECT NOT EXISTS (SELECT FROM account WHERE plan IS NULL);\n")));
  CHECK(ground.recorder.events ==
        Lines{"start 1", "done 1 SELECT 1", "start 2", "done 2 UPDATE 1", "start 3", "done 3 SELECT 1"});
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 3/3"});
}

TEST_CASE("one that does not hold takes the revision back") {
  Ground ground;
  const auto revision = make_run("a1",
                                 "UPDATE account SET plan = 'paid' WHERE id = 1;\n\n"
                                 "-- migrate:assert every account has a plan\n"
                                 "SELECT count(*) = 0\n  FROM account WHERE plan IS NULL;\nDROP TABLE account;\n");
  CHECK(ground.failing(revision) == R"(
error[assertion-failed]: assertion failed: every account has a plan (it returned false)
  --> migrations/a1.sql:4:1
   |
 4 | SELECT count(*) = 0
   | ^^^^^^^^^^^^^^^^^^^ statement 2 of 3
   |
   = state: a1 rolled back; )" + ground.database.name() +
                                        R"( is as before this revision
help: see to it that it returns true, then run `migrate upgrade` again
exit 4
)");
  CHECK(ground.database.value("SELECT plan FROM account WHERE id = 1") == "free");
  CHECK(log_lines(ground.database) == Lines{"- journal done", "a1 up failed"});
  CHECK(ground.database.value("SELECT message FROM migrate_log WHERE outcome = 'failed'") ==
        "assertion failed: every account has a plan (it returned false)");
}

TEST_CASE("whatever is not one row with one boolean is told") {
  Ground ground;
  CHECK(ground.message("SELECT true WHERE false") == "assertion failed: it returned no row");
  CHECK(ground.message("SELECT plan IS NULL FROM account") == "assertion failed: it returned 2 rows");
  CHECK(ground.message("SELECT NULL::boolean") == "assertion failed: it returned NULL");
  CHECK(ground.message("SELECT count(*) FROM account") == "assertion failed: what it returned is no boolean");
  CHECK(ground.message("SELECT true, true") == "assertion failed: it returned 2 columns");
  CHECK(ground.message("SELECT") == "assertion failed: it returned 0 columns");
  CHECK(ground.message("SELECT plan = 'free' FROM account WHERE idd = 1") == "column \"idd\" does not exist");
  CHECK(ground.message("VALUES (true)").empty());
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 1/1"});
}

TEST_CASE("an assertion cannot write, whatever it calls, and what follows can") {
  Ground ground;
  ground.database.execute(
      "CREATE FUNCTION sneak() RETURNS boolean LANGUAGE sql AS 'DELETE FROM account RETURNING true'");
  CHECK(ground.message("SELECT sneak()") == "cannot execute DELETE in a read-only transaction");
  REQUIRE(ground.run(make_run(
      "a1", "CREATE TABLE t (n int);\n-- migrate:assert\nSELECT count(*) = 0 FROM t;\nINSERT INTO t VALUES (1);\n")));
  CHECK(ground.database.value("SELECT count(*) FROM t") == "1");
}

TEST_CASE("where statements run one by one, a precondition that fails leaves nothing, and a later one what was done") {
  Ground ground;
  const std::string batch = "-- migrate:batch rows=1\nUPDATE account SET plan = 'paid';\n";
  const auto before = make_run(
      "a1",
      "-- migrate:assert\nSELECT true;\n-- migrate:assert nobody pays\nSELECT count(*) = 5 FROM account;\n" + batch);
  CHECK(ground.failing(before) == R"(
error[assertion-failed]: assertion failed: nobody pays (it returned false)
  --> migrations/a1.sql:4:1
   |
 4 | SELECT count(*) = 5 FROM account;
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statement 2 of 3, outside a transaction
   |
   = state: nothing of a1 was kept; )" +
                                      ground.database.name() + R"( is as before this revision
help: see to it that it returns true, then run `migrate upgrade` again
exit 4
)");
  CHECK(journal_rows(ground.database).empty());

  const auto after = make_run("a1", batch + "-- migrate:assert\nSELECT count(*) = 0 FROM account;\n");
  CHECK(ground.failing(after) == R"(
error[assertion-failed]: assertion failed: it returned false
  --> migrations/a1.sql:4:1
   |
 4 | SELECT count(*) = 0 FROM account;
   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statement 2 of 2, outside a transaction
   |
   = state: NOT rolled back: statement 1 done, statement 2 failed; a1 is marked as unfinished
help: see to it that it returns true, then run `migrate upgrade` again: it goes on at statement 2
exit 5
)");
  CHECK(journal_rows(ground.database) == Lines{"a1 applying 1/2"});
}
