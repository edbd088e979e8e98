#include "integration/run_ground.hpp"

using namespace migrate;
using namespace migrate::test;
using namespace std::chrono_literals;

namespace {

struct Ground : RunGround {
  explicit Ground(const Interrupt* interrupt = nullptr) : RunGround(interrupt) {
    database.execute("CREATE TABLE account (id int, email text); INSERT INTO account VALUES (1, 'a'), (2, 'b')");
  }
  std::string tables(const std::string& names) {
    return value(
        "SELECT coalesce(string_agg(tablename, ',' ORDER BY tablename), '') FROM pg_tables "
        "WHERE tablename = ANY ('{" +
        names + "}')");
  }
};

// A transaction whose snapshot CREATE INDEX CONCURRENTLY has to wait for.
Connection old_snapshot(const TestDatabase& database) {
  Connection holder = database.connect();
  holder.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1");
  return holder;
}

}  // namespace

TEST_CASE("a revision with CREATE INDEX CONCURRENTLY runs statement by statement, and the journal follows") {
  Ground ground;
  const auto revision = make_run("a1",
                                 "CREATE TABLE t ();\nCREATE INDEX CONCURRENTLY ix ON account (email);\n"
                                 "COMMENT ON INDEX ix IS 'x';\n");
  CHECK_FALSE(revision.transactional);
  Lines seen;
  ground.recorder.on_start = [&](std::size_t) { seen.push_back(journal_rows(ground.database).front()); };
  ground.must_run(revision);
  CHECK(seen == Lines{"a1 applying 0/3", "a1 applying 1/3", "a1 applying 2/3"});
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 3/3"});
  CHECK(log_lines(ground.database) == Lines{"- journal done", "a1 up started", "a1 up started", "a1 up done"});
  CHECK(ground.value("SELECT message FROM migrate_log WHERE outcome = 'started' AND message IS NOT NULL") ==
        "statement 2");

  const auto down = make_run("a1", "DROP INDEX CONCURRENTLY ix;\nDROP TABLE t;\n", db::Direction::down);
  seen.clear();
  ground.must_run(down);
  CHECK(seen == Lines{"a1 reverting 0/2", "a1 reverting 1/2"});
  CHECK(journal_rows(ground.database).empty());
}

TEST_CASE("statements that run alone: VACUUM, and blocks that commit") {
  Ground ground;
  auto revision = make_run("a1",
                           "VACUUM account;\n"
                           "DO $$ BEGIN INSERT INTO account VALUES (3, 'c'); COMMIT; END $$;\n"
                           "CREATE PROCEDURE p() LANGUAGE plpgsql AS $$ BEGIN COMMIT; END $$;\nCALL p();\n");
  ground.must_run(revision);
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 4/4"});
}

TEST_CASE("a failure in the first statement that leaves nothing takes the row back") {
  Ground ground;
  const auto revision = make_run("a1", "VACUUM nowhere;\nCREATE TABLE t ();\n");
  const auto failure = ground.failure_of(revision);
  CHECK(failure.aftermath == db::Aftermath::rolled_back);
  CHECK(journal_rows(ground.database).empty());
  CHECK(log_lines(ground.database) == Lines{"- journal done", "a1 up started", "a1 up started", "a1 up failed 42P01"});
  const std::string text = told(failure, revision, ground.session);
  CHECK(text.find("^^^^^^^ statement 1 of 2, outside a transaction\n") != std::string::npos);
  CHECK(text.find("= state: nothing of a1 was kept; ") != std::string::npos);
  CHECK(text.find("exit 4\n") != std::string::npos);

  ground.must_run(make_run("b1", "VACUUM account"));
  ground.failure_of(make_run("b1", "VACUUM nowhere", db::Direction::down));
  CHECK(journal_rows(ground.database) == Lines{"b1 applied 1/1"});
}

TEST_CASE("a failure later on leaves what was done, says so, and the next run goes on there") {
  Ground ground;
  const auto revision = make_run("d41c0ff",
                                 "CREATE TABLE t ();\nCREATE INDEX CONCURRENTLY ix ON account (nowhere);\n"
                                 "CREATE TABLE u ();\nCREATE TABLE v ();\n");
  const auto failure = ground.failure_of(revision);
  CHECK(failure.aftermath == db::Aftermath::left_behind);
  CHECK(failure.steps_done == 1);
  CHECK(journal_rows(ground.database) == Lines{"d41c0ff applying 1/4"});
  CHECK(ground.tables("t,u,v") == "t");
  CHECK(told(failure, revision, ground.session) ==
        "error[undefined-column]: column \"nowhere\" does not exist\n"
        "  --> migrations/d41c0ff.sql:2:1\n"
        "   |\n"
        " 2 | CREATE INDEX CONCURRENTLY ix ON account (nowhere);\n"
        "   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statement 2 of 4, outside a transaction\n"
        "   |\n"
        "   = postgres: SQLSTATE 42703\n"
        "   = state: NOT rolled back: statement 1 done, statement 2 failed, statements 3 to 4 not run; d41c0ff is "
        "marked as "
        "unfinished\n"
        "help: correct the statement, then run `migrate upgrade` again: it goes on at statement 2\n"
        "exit 5\n");

  const auto mended = make_run("d41c0ff",
                               "CREATE TABLE t ();\nCREATE INDEX CONCURRENTLY ix ON account (email);\n"
                               "CREATE TABLE u ();\nCREATE TABLE v ();\n");
  ground.must_run(resumed(mended, 1));
  CHECK(ground.recorder.events.front() == "start 2");
  CHECK(journal_rows(ground.database) == Lines{"d41c0ff applied 4/4"});
  CHECK(ground.tables("t,u,v") == "t,u,v");
}

TEST_CASE("a deferred constraint of one statement fails with that statement") {
  Ground ground;
  ground.database.execute(
      "CREATE TABLE a (id int PRIMARY KEY); "
      "CREATE TABLE b (a int REFERENCES a DEFERRABLE INITIALLY DEFERRED)");
  const auto revision = make_run("a1", "VACUUM account;\nINSERT INTO b VALUES (7);\nVACUUM account;\n");
  const auto failure = ground.failure_of(revision);
  CHECK(failure.statement == 1U);
  CHECK(failure.stage == db::RunStage::commit);
  CHECK(failure.steps_done == 1);
  CHECK(journal_rows(ground.database) == Lines{"a1 applying 1/3"});
}

TEST_CASE("an index that was left invalid is found and named") {
  Ground ground;
  ground.database.execute("INSERT INTO account VALUES (3, 'a')");
  const auto revision = make_run("a1", "CREATE UNIQUE INDEX CONCURRENTLY ix ON account (email);\n");
  const auto failure = ground.failure_of(revision);
  CHECK(failure.aftermath == db::Aftermath::left_behind);
  CHECK(failure.steps_done == 0);
  CHECK(failure.found == Lines{"invalid index public.ix"});
  CHECK(journal_rows(ground.database) == Lines{"a1 applying 0/1"});
  const std::string text = told(failure, revision, ground.session);
  CHECK(text.find("= found: invalid index public.ix\n") != std::string::npos);
  CHECK(text.find("exit 5\n") != std::string::npos);

  CHECK(
      text.find("help: remove the duplicates, then run `migrate upgrade` again: it clears what was found, and goes on "
                "at statement 1\n") != std::string::npos);

  SECTION("in another revision it is in the way") {
    const auto again = ground.failure_of(make_run("b1", "CREATE UNIQUE INDEX CONCURRENTLY ix ON account (email);\n"));
    CHECK(again.server_error.sqlstate == "42P07");
    CHECK(again.aftermath == db::Aftermath::rolled_back);
    CHECK(again.found == Lines{"invalid index public.ix"});
  }
  SECTION("without a name it is found too") {
    ground.database.execute("DROP INDEX ix");
    const auto unnamed = ground.failure_of(make_run("b1", "CREATE UNIQUE INDEX CONCURRENTLY ON account (email);\n"));
    CHECK(unnamed.found == Lines{"invalid index public.account_email_idx"});
  }
}

TEST_CASE("CONCURRENTLY statements have no lock_timeout, the others of the revision do") {
  Ground ground;
  auto revision = make_run("a1", "CREATE INDEX CONCURRENTLY ix ON account (email);\nALTER TABLE account ADD c int;\n");
  revision.lock_timeout = 100ms;
  revision.statement_timeout = 400ms;
  auto holder = old_snapshot(ground.database);
  // In nobody's way but that of ALTER TABLE: it has no snapshot.
  Connection reader = ground.database.connect();
  reader.execute("BEGIN; LOCK TABLE account IN ACCESS SHARE MODE");
  const std::jthread other([&] {
    std::this_thread::sleep_for(500ms);
    holder.execute("ROLLBACK");
  });
  const auto failure = ground.failure_of(revision);
  CHECK(failure.server_error.sqlstate == "55P03");
  CHECK(failure.statement == 1U);
  CHECK(failure.steps_done == 1);
  CHECK(ground.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass") == "t");
}

TEST_CASE("an interrupt in CREATE INDEX CONCURRENTLY leaves an invalid index behind, and ends with 5") {
  Interrupt interrupt;
  Ground ground(&interrupt);
  auto holder = old_snapshot(ground.database);
  const auto revision = make_run("a1", "CREATE TABLE t ();\nCREATE INDEX CONCURRENTLY ix ON account (email);\n");
  const InterruptLater later(interrupt, 400ms);
  const auto failure = ground.failure_of(revision);
  CHECK(failure.server_error.interrupted);
  CHECK(failure.aftermath == db::Aftermath::left_behind);
  CHECK(failure.steps_done == 1);
  CHECK(failure.found == Lines{"invalid index public.ix"});
  CHECK(journal_rows(ground.database) == Lines{"a1 applying 1/2"});
  const std::string text = told(failure, revision, ground.session);
  CHECK(text.find("help: run `migrate upgrade` again: it clears what was found, and goes on at statement 2\n"
                  "exit 5\n") != std::string::npos);
}

TEST_CASE("an interrupt between two statements stops there") {
  Interrupt interrupt;
  Ground ground(&interrupt);
  ground.recorder.on_start = [&](std::size_t index) {
    if (index == 1) interrupt.raise();
  };
  const auto failure = ground.failure_of(make_run("a1", "VACUUM account;\nVACUUM account;\nCREATE TABLE t ();\n"));
  CHECK(failure.server_error.interrupted);
  CHECK(failure.steps_done == 1);
  CHECK(journal_rows(ground.database) == Lines{"a1 applying 1/3"});
}

TEST_CASE("what an interrupted run had set for its session is set again when it goes on") {
  Ground ground;
  ground.database.execute("CREATE SCHEMA app; CREATE TABLE app.account (email text)");
  const auto sql = [](const std::string& column) {
    return "-- where\nSET search_path = app;\nSELECT pg_catalog.set_config('my.name', 'x', false);\n"
           "INSERT INTO account VALUES ('once');\nCREATE INDEX CONCURRENTLY ix ON account (" +
           column + ");\nCREATE TABLE t AS SELECT current_setting('my.name') AS name;\n";
  };
  CHECK(ground.failure_of(make_run("a1", sql("nowhere"))).steps_done == 3);
  ground.must_run(resumed(make_run("a1", sql("email")), 3));
  CHECK(ground.value("SELECT 'app.ix'::regclass::text") == "app.ix");
  CHECK(ground.value("SELECT name FROM app.t") == "x");
  CHECK(ground.value("SELECT count(*) FROM app.account") == "1");
  CHECK(must(ground.session.query("SHOW search_path")).front().front() == "\"$user\", public");
}

TEST_CASE("a role that the revision takes holds for its statements, and not for the journal") {
  TestDatabase roles;
  roles.execute("CREATE ROLE stranger_5");
  {
    Ground ground;
    ground.database.execute("GRANT ALL ON SCHEMA public TO stranger_5");
    ground.must_run(make_run("a1", "SET ROLE stranger_5;\nVACUUM pg_type;\nCREATE TABLE t ();\n"));
    CHECK(ground.value("SELECT tableowner FROM pg_tables WHERE tablename = 't'") == "stranger_5");
    CHECK(journal_rows(ground.database) == Lines{"a1 applied 3/3"});
    ground.database.execute("DROP OWNED BY stranger_5");
  }
  roles.execute("DROP ROLE stranger_5");
}

TEST_CASE("a role that was taken, given back and dropped does not stand in the way of going on") {
  Ground ground;
  const auto sql = [](const std::string& last) {
    return "CREATE ROLE stranger_6;\nSET ROLE stranger_6;\nSELECT 1;\nRESET ROLE;\nDROP ROLE stranger_6;\nVACUUM " +
           last + ";\n";
  };
  CHECK(ground.failure_of(make_run("a1", sql("nowhere"))).steps_done == 5);
  ground.must_run(resumed(make_run("a1", sql("account")), 5));
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 6/6"});
}

TEST_CASE("a link that is lost leaves the journal where the last statement was") {
  Ground ground;
  auto other = ground.end_process_later();
  const auto revision = make_run("a1", "VACUUM account;\nSELECT pg_sleep(30);\nCREATE TABLE t ();\n");
  const auto failure = ground.failure_of(revision);
  other.join();
  CHECK(failure.server_error.connection_lost);
  CHECK(failure.aftermath == db::Aftermath::left_behind);
  CHECK(failure.steps_done == 1);
  CHECK(journal_rows(ground.database) == Lines{"a1 applying 1/3"});
}

TEST_CASE("a partition that is half detached is found") {
  Ground ground;
  ground.database.execute(
      "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)");
  auto holder = ground.database.connect();
  holder.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM p");
  auto revision = make_run("a1", "SET lock_timeout = '200ms';\nALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;\n");
  const auto failure = ground.failure_of(revision);
  CHECK(failure.server_error.sqlstate == "55P03");
  CHECK(failure.found == Lines{"partition public.p1 half detached"});
}
