#include "integration/executor_ground.hpp"

using namespace migrate;
using namespace migrate::test;
using namespace std::chrono_literals;

using Ground = ExecutorGround;

namespace {

// Several commands in the place of one: as if the splitter had been wrong.
db::RevisionRun unsplit(const std::string& id, const std::string& sql) {
  db::RevisionRun run = make_run(id, "SELECT 1");
  run.source = make_source("migrations/" + id + ".sql", sql);
  run.statements.resize(1);
  run.statements[0].statement.range = {0, sql.size()};
  return run;
}

}  // namespace

TEST_CASE("a revision's statements and its row in the journal become true together") {
  Ground ground;
  ground.must_run(make_run("a1",
                           "CREATE TABLE t (a int);\nINSERT INTO t VALUES (1), (2);\n"
                           "COPY t FROM stdin;\n3\n4\n\\.\nUPDATE t SET a = a + 1;\n"));
  CHECK(ground.recorder.events == Lines{"start 1", "done 1 CREATE TABLE", "start 2", "done 2 INSERT 0 2", "start 3",
                                        "done 3 COPY 2", "start 4", "done 4 UPDATE 4"});
  CHECK(ground.value("SELECT string_agg(a::text, ',' ORDER BY a) FROM t") == "2,3,4,5");
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 4/4"});
  CHECK(log_lines(ground.database) == Lines{"- journal done", "a1 up done"});
  CHECK(must(ground.journal.read_downgrade(ground.session, revision::RevisionId("a1"))) ==
        make_run("a1", "SELECT 1").entry.downgrade);

  ground.must_run(make_run("a1", "DROP TABLE t", db::Direction::down));
  CHECK(journal_rows(ground.database).empty());
  CHECK(log_lines(ground.database) == Lines{"- journal done", "a1 up done", "a1 down done"});
}

TEST_CASE("a revision without statements is applied too") {
  Ground ground;
  ground.must_run(make_run("a1", "-- nothing\n"));
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 0/0"});
}

TEST_CASE("a failed statement rolls the revision back, and the error points at the word") {
  Ground ground;
  CHECK(ground.told_of(make_run("c77d0aa",
                                "CREATE TABLE account (email text);\n\nSELECT '\xC3\xA4',\n       nowhere.x "
                                "FROM account;\nSELECT 1;\n")) ==
        "error[undefined-table]: missing FROM-clause entry for table \"nowhere\"\n"
        "  --> migrations/c77d0aa.sql:4:8\n"
        "   |\n"
        " 4 |        nowhere.x FROM account;\n"
        "   |        ^^^^^^^ statement 2 of 3\n"
        "   |\n"
        "   = postgres: SQLSTATE 42P01\n"
        "   = state: c77d0aa rolled back; app_dev is as before this revision\n"
        "help: correct the statement, then run `migrate upgrade` again\n"
        "exit 4\n");
  CHECK(ground.value("SELECT count(*) FROM pg_tables WHERE tablename = 'account'") == "0");
  CHECK(journal_rows(ground.database).empty());
  CHECK(log_lines(ground.database) == Lines{"- journal done", "c77d0aa up failed 42P01"});
  CHECK(ground.session.transaction_status() == db::TransactionStatus::idle);
  CHECK(ground.recorder.events == Lines{"start 1", "done 1 CREATE TABLE", "start 2"});
}

TEST_CASE("an error in the first statement points at its word, although BEGIN goes with it") {
  Ground ground;
  auto revision = make_run("a1", "-- first\nCREATE TABLE t (a int, b nowhere);\n");
  revision.lock_timeout = 2s;
  revision.statement_timeout = 1min;
  CHECK(ground.told_of(revision).find(" 2 | CREATE TABLE t (a int, b nowhere);\n"
                                      "   |                          ^^^^^^^ statement 1 of 1\n") != std::string::npos);
  auto broken = make_run("a1", "SELECT 1");
  broken.source = make_source("migrations/a1.sql", "SELECT 1 1 1");
  broken.statements[0].statement.range = {0, 12};
  CHECK(ground.failure_of(broken).server_error.position == CharOffset{9});
  CHECK(ground.session.transaction_status() == db::TransactionStatus::idle);
  CHECK(log_lines(ground.database).size() == 3);
}

TEST_CASE("data may come with the first statement of a revision") {
  Ground ground;
  ground.database.execute("CREATE TABLE filled (a int)");
  auto revision = make_run("a1", "COPY filled FROM stdin;\n1\n2\n\\.\n");
  revision.lock_timeout = 2s;
  ground.must_run(revision);
  CHECK(ground.value("SELECT sum(a) FROM filled") == "3");
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 1/1"});
}

TEST_CASE("values of rows are shown only where they may be") {
  Ground ground;
  ground.must_run(
      make_run("a1", "CREATE TABLE account (email text);\nINSERT INTO account VALUES ('a@b.c'), ('a@b.c');"));
  const auto revision = make_run("b1", "ALTER TABLE account\n  ADD CONSTRAINT account_email_key UNIQUE (email);\n");
  CHECK(ground.told_of(revision, true) ==
        "error[unique-violation]: could not create unique index \"account_email_key\"\n"
        "  --> migrations/b1.sql:1:1\n"
        "   |\n"
        " 1 | ALTER TABLE account\n"
        "   | ^^^^^^^^^^^^^^^^^^^ statement 1 of 1\n"
        "   |\n"
        "   = postgres: SQLSTATE 23505; Key (email)=(a@b.c) is duplicated.\n"
        "   = state: b1 rolled back; app_dev is as before this revision\n"
        "help: remove the duplicates, then run `migrate upgrade` again\n"
        "exit 4\n");
  const std::string hidden = ground.told_of(revision, false);
  CHECK(hidden.find("a@b.c") == std::string::npos);
  CHECK(hidden.find("   = postgres: SQLSTATE 23505\n") != std::string::npos);
  CHECK(hidden.find("   = note: the server says more, which may hold values of rows: `--show-detail` shows it\n") !=
        std::string::npos);
}

TEST_CASE("an error in COPY data points at the line of the data") {
  Ground ground;
  ground.must_run(make_run("a1", "CREATE TABLE t (a int, b text)"));
  const auto revision = make_run("b1", "SELECT 1;\nCOPY t (a, b) FROM stdin;\n1\tone\nx\tsecret\n\\.\nSELECT 2;\n");
  CHECK(ground.told_of(revision) ==
        "error[invalid-text-representation]: invalid input syntax for type integer: \"x\"\n"
        "  --> migrations/b1.sql:4:1\n"
        "   |\n"
        " 4 | x   secret\n"
        "   | ^^^^^^^^^^ statement 2 of 3, line 2 of its data\n"
        "   |\n"
        "   = postgres: SQLSTATE 22P02\n"
        "   = note: the server says more, which may hold values of rows: `--show-detail` shows it\n"
        "   = state: b1 rolled back; app_dev is as before this revision\n"
        "help: correct the value, then run `migrate upgrade` again\n"
        "exit 4\n");
  CHECK(ground.told_of(revision, true).find("   = context: COPY t, line 2, column a: \"x\"\n") != std::string::npos);
}

TEST_CASE("an error inside a function tells where it was called and what it ran") {
  Ground ground;
  const std::string text = ground.told_of(
      make_run("a1",
               "CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$\nBEGIN\n  RETURN (SELECT z FROM gone);\n"
               "END $$;\nSELECT f();\n"));
  CHECK(text.find("  --> migrations/a1.sql:5:1\n") != std::string::npos);
  CHECK(text.find("   = context: PL/pgSQL function f() line 3 at RETURN\n") != std::string::npos);
  CHECK(text.find("   = context: in: (SELECT z FROM gone)\n") != std::string::npos);
}

TEST_CASE("a deferred constraint that fails at COMMIT rolls the revision back, and no statement is blamed") {
  Ground ground;
  ground.must_run(make_run("a1",
                           "CREATE TABLE a (id int PRIMARY KEY);\n"
                           "CREATE TABLE b (a int REFERENCES a DEFERRABLE INITIALLY DEFERRED);\n"));
  CHECK(ground.told_of(make_run("b1", "INSERT INTO b VALUES (7);\nCREATE TABLE c ();\n")) ==
        "error[foreign-key-violation]: insert or update on table \"b\" violates foreign key constraint \"b_a_fkey\"\n"
        "  --> migrations/b1.sql\n"
        "   = postgres: SQLSTATE 23503\n"
        "   = note: the statements had run; a deferred constraint or trigger refused COMMIT\n"
        "   = note: the server says more, which may hold values of rows: `--show-detail` shows it\n"
        "   = state: b1 rolled back; app_dev is as before this revision\n"
        "help: mend the rows that refer to rows which are not there, then run `migrate upgrade` again\n"
        "exit 4\n");
  CHECK(ground.value("SELECT count(*) FROM pg_tables WHERE tablename = 'c'") == "0");
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 2/2"});
  CHECK(log_lines(ground.database).back() == "b1 up failed 23503");
}

TEST_CASE("whatever a revision does to its session, the journal is written and the next one starts clean") {
  TestDatabase roles;
  roles.execute("CREATE ROLE owner_of_3; CREATE ROLE stranger_3");
  {
    Ground ground;
    for (const char* sql : {
             "SELECT pg_catalog.set_config('search_path', '', false)",
             "SET SESSION AUTHORIZATION stranger_3",
             "SET ROLE stranger_3",
             "SET client_encoding = 'LATIN1'",
             "SET standard_conforming_strings = off",
             "CREATE TEMP TABLE scratch (a int); INSERT INTO scratch VALUES (1)",
             "PREPARE p AS SELECT 1; LISTEN x; SELECT pg_advisory_lock(1)",
             "SET statement_timeout = '1h'; SET lock_timeout = '1h'; SET TIME ZONE 'Asia/Tokyo'",
         }) {
      INFO(sql);
      static int number = 0;
      auto revision = make_run(fmt::format("r{}", ++number), sql);
      revision.entry.message = "\xC3\xA4\xE2\x82\xAC";
      ground.must_run(revision);
      CHECK(ground.value(fmt::format("SELECT message FROM migrate_revision WHERE revision = 'r{}'", number)) ==
            "\xC3\xA4\xE2\x82\xAC");
      CHECK(ground.here("SELECT current_user || ' ' || session_user") == "postgres postgres");
      CHECK(ground.here("SHOW search_path") == "\"$user\", public");
      CHECK(ground.here("SHOW client_encoding") == "UTF8");
      CHECK(ground.here("SHOW statement_timeout") == "0");
      CHECK(ground.here("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()") == "0");
      CHECK(ground.here("SELECT coalesce(to_regclass('pg_temp.scratch')::text, 'none')") == "none");
    }
  }
  {
    Ground ground(nullptr, "owner_of_3");
    ground.must_run(make_run("a1", "RESET ROLE; CREATE TABLE of_postgres ();\n"));
    ground.must_run(make_run("b1", "CREATE TABLE of_owner ();\n"));
    CHECK(ground.value("SELECT tableowner FROM pg_tables WHERE tablename = 'of_owner'") == "owner_of_3");
    CHECK(ground.value("SELECT tableowner FROM pg_tables WHERE tablename = 'migrate_revision'") == "owner_of_3");
    ground.database.execute("DROP OWNED BY owner_of_3");
  }
  roles.execute("DROP ROLE owner_of_3; DROP ROLE stranger_3");
}

TEST_CASE("a failed revision leaves the session clean too, and its lock held") {
  Ground ground;
  const auto lock = must(db::MigrationLock::acquire(ground.session, "public", 1s));
  ground.failure_of(make_run("a1", "PREPARE p AS SELECT 1; SELECT pg_advisory_lock(1); SELECT 1/0"));
  CHECK(ground.here("SELECT count(*) FROM pg_prepared_statements WHERE from_sql") == "0");
  CHECK(ground.here("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()") == "1");
  CHECK(must(db::MigrationLock::holder(ground.session, "public"))->pid == ground.session.info().backend_pid);
}

TEST_CASE("a reset that fails after COMMIT is made up for before the next revision") {
  TestDatabase roles;
  roles.execute("CREATE ROLE member_4 LOGIN; CREATE ROLE team_4; GRANT team_4 TO member_4");
  {
    TestDatabase database;
    database.execute("GRANT ALL ON SCHEMA public TO team_4");
    auto session = connect(database.conninfo() + " user=member_4", nullptr, "team_4");
    const auto journal = journal_of();
    must(journal.ensure(session));
    auto other = database.connect();
    Recorder recorder;
    recorder.on_start = [&](std::size_t index) {
      if (index == 1) other.execute("REVOKE team_4 FROM member_4");
    };
    CHECK(db::run_revision(session, journal, make_run("a1", "SELECT 1; SELECT 2"), recorder));
    const auto refused = run(session, journal, make_run("b1", "SELECT 1"));
    REQUIRE_FALSE(refused);
    CHECK(refused.error().server_error.sqlstate == "42501");
    CHECK(refused.error().aftermath == db::Aftermath::rolled_back);
    CHECK(journal_rows(database) == Lines{"a1 applied 2/2"});
    other.execute("GRANT team_4 TO member_4");
    CHECK(run(session, journal, make_run("b1", "SELECT 1")));
    database.execute("DROP OWNED BY team_4");
  }
  roles.execute("DROP ROLE member_4; DROP ROLE team_4");
}

TEST_CASE("a statement that ends the transaction is an error with the true state") {
  Ground ground;
  SECTION("by COMMIT") {
    const auto failure = ground.failure_of(unsplit("a1", "CREATE TABLE a (); COMMIT"));
    CHECK(failure.aftermath == db::Aftermath::left_behind);
    CHECK(failure.steps_done == 1);
    CHECK(journal_rows(ground.database) == Lines{"a1 applying 1/1"});
    CHECK(ground.value("SELECT count(*) FROM pg_tables WHERE tablename = 'a'") == "1");
  }
  SECTION("by COMMIT AND CHAIN") {
    const auto failure = ground.failure_of(unsplit("a1", "CREATE TABLE a (); COMMIT AND CHAIN; CREATE TABLE b ()"));
    CHECK(failure.aftermath == db::Aftermath::left_behind);
    CHECK(journal_rows(ground.database) == Lines{"a1 applying 1/1"});
    CHECK(ground.value("SELECT string_agg(tablename, ',') FROM pg_tables WHERE tablename IN ('a', 'b')") == "a");
  }
  SECTION("by ROLLBACK") {
    const auto failure = ground.failure_of(unsplit("a1", "CREATE TABLE a (); ROLLBACK"));
    CHECK(failure.aftermath == db::Aftermath::rolled_back);
    CHECK(journal_rows(ground.database).empty());
  }
  CHECK(log_lines(ground.database).back() == "a1 up failed");
  CHECK(ground.session.transaction_status() == db::TransactionStatus::idle);
}

TEST_CASE("a revision that is there already is not applied a second time") {
  Ground ground;
  ground.must_run(make_run("a1", "CREATE TABLE a ()"));
  const auto failure = ground.failure_of(make_run("a1", "CREATE TABLE b ()"));
  CHECK(failure.server_error.constraint == "migrate_revision_pkey");
  CHECK(failure.aftermath == db::Aftermath::rolled_back);
  CHECK_FALSE(failure.statement);
  CHECK(failure.stage == db::RunStage::journal);
  CHECK(ground.value("SELECT count(*) FROM pg_tables WHERE tablename = 'b'") == "0");
}

TEST_CASE("the limits of a revision hold for its statements") {
  Ground ground;
  ground.must_run(make_run("a1", "CREATE TABLE t (a int)"));
  auto blocker = ground.database.connect();
  blocker.execute("BEGIN; LOCK TABLE t");

  auto locked = make_run("b1", "ALTER TABLE t ADD COLUMN b int");
  locked.lock_timeout = 100ms;
  const std::string text = ground.told_of(locked);
  CHECK(text.find("error[lock-not-available]: canceling statement due to lock timeout\n") == 0);
  CHECK(
      text.find("help: end what holds the lock, or give it more time: `retry_for` in [locks] of migrate.toml, then run "
                "`migrate upgrade` again\nexit 4\n") != std::string::npos);

  auto slow = make_run("c1", "SELECT pg_sleep(10)");
  slow.statement_timeout = 100ms;
  const auto failure = ground.failure_of(slow);
  CHECK(failure.server_error.sqlstate == "57014");
  CHECK_FALSE(failure.server_error.interrupted);
}

TEST_CASE("several revisions in the caller's transaction stand and fall together") {
  Ground ground;
  const auto first = make_run("a1", "CREATE TABLE a (); CREATE TEMP TABLE scratch (); SET search_path = ''");
  const auto second = make_run("b1", "CREATE TABLE b (); CREATE TEMP TABLE scratch ()");
  const auto run_both = [&] {
    must(ground.session.execute("BEGIN"));
    for (const auto* revision : {&first, &second}) {
      const auto report =
          db::run_revision(ground.session, ground.journal, *revision, ground.recorder, db::TransactionScope::outer);
      if (!report) FAIL(told(report.error(), *revision, ground.session));
    }
  };
  run_both();
  must(ground.session.execute("ROLLBACK"));
  CHECK(journal_rows(ground.database).empty());
  CHECK(ground.value("SELECT count(*) FROM pg_tables WHERE tablename IN ('a', 'b')") == "0");

  run_both();
  CHECK(db::commit_revisions(ground.session, ground.journal, second));
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 3/3", "b1 applied 2/2"});
  CHECK(ground.here("SHOW search_path") == "\"$user\", public");
}

TEST_CASE("a revision that needs to run outside a transaction is refused in the caller's") {
  Ground ground;
  must(ground.session.execute("BEGIN"));
  const auto refused = db::run_revision(ground.session, ground.journal, make_run("a1", "VACUUM"), ground.recorder,
                                        db::TransactionScope::outer);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().server_error.message == "the revision cannot run inside another transaction");
  CHECK(ground.recorder.events.empty());
}

TEST_CASE("a journal that cannot be written rolls the revision back, and the error says so") {
  TestDatabase roles;
  roles.execute("CREATE ROLE writer_6 LOGIN");
  {
    Ground ground;
    ground.database.execute("GRANT ALL ON SCHEMA public TO writer_6");
    auto writer = connect(ground.database.conninfo() + " user=writer_6");
    const auto revision = make_run("a1", "CREATE TABLE a ()");
    const auto refused = run(writer, ground.journal, revision);
    REQUIRE_FALSE(refused);
    const std::string text = told(refused.error(), revision, writer);
    CHECK(text.find("error[insufficient-privilege]: permission denied for table migrate_revision\n"
                    "  --> migrations/a1.sql\n") == 0);
    CHECK(text.find("   = note: the statements had run; the journal could not be written\n") != std::string::npos);
    CHECK(ground.value("SELECT count(*) FROM pg_tables WHERE tablename = 'a'") == "0");
    ground.database.execute("DROP OWNED BY writer_6");
  }
  roles.execute("DROP ROLE writer_6");
}

TEST_CASE("a revision that fails in the caller's transaction leaves the ending to the caller") {
  Ground ground;
  must(ground.session.execute("BEGIN"));
  const auto failed = db::run_revision(ground.session, ground.journal, make_run("a1", "SELECT 1/0"), ground.recorder,
                                       db::TransactionScope::outer);
  REQUIRE_FALSE(failed);
  CHECK(ground.session.transaction_status() == db::TransactionStatus::failed_block);
  must(ground.session.execute("ROLLBACK"));
}

TEST_CASE("a failed downgrade says so") {
  Ground ground;
  ground.must_run(make_run("a1", "CREATE TABLE a ()"));
  const std::string text = ground.told_of(make_run("a1", "DROP TABLE b", db::Direction::down));
  CHECK(text.find("   = state: the downgrade of a1 rolled back; app_dev is as before this revision\n"
                  "help: correct the statement, then run the same downgrade again\n") != std::string::npos);
  CHECK(log_lines(ground.database).back() == "a1 down failed 42P01");
}
