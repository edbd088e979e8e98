// What the next run makes of a statement outside a transaction whose end nobody saw.
#include "integration/settle_ground.hpp"

using namespace migrate;
using namespace migrate::test;
using namespace std::chrono_literals;

namespace {

constexpr const char* valid_query = "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix'::regclass";

}  // namespace

TEST_CASE("CREATE INDEX CONCURRENTLY that was under way is settled by the catalog") {
  SettleGround ground;
  const auto revision = make_run("a1", "CREATE TABLE t ();\nCREATE INDEX CONCURRENTLY ix ON account (email);\n");
  ground.die_at(revision, 1);
  CHECK(journal_rows(ground.database) == Lines{"a1 applying 1/2"});

  SECTION("nothing is there: it is built") {
    ground.must_run(resumed(revision, 1));
    CHECK(ground.recorder.events == Lines{"start 2", "done 2 CREATE INDEX"});
  }
  SECTION("it is there and valid: it counts as done") {
    ground.database.execute("CREATE INDEX ix ON account (email)");
    const std::string before = ground.value("SELECT 'ix'::regclass::oid");
    ground.must_run(resumed(revision, 1));
    CHECK(ground.recorder.events == Lines{"settled 2: index public.ix is there and valid: it counts as done"});
    CHECK(ground.value("SELECT 'ix'::regclass::oid") == before);
  }
  SECTION("it is there and invalid: it is built again") {
    ground.database.execute(
        "CREATE INDEX ix ON account (email); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix'::regclass");
    ground.must_run(resumed(revision, 1));
    CHECK(ground.recorder.events == Lines{"settled 2: index public.ix is invalid: it is dropped and built again",
                                          "start 2", "done 2 CREATE INDEX"});
  }
  CHECK(ground.value(valid_query) == "t");
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 2/2"});
}

TEST_CASE("an index of that name with another definition is for a person to see to") {
  SettleGround ground;
  const auto revision = make_run("a1", "CREATE UNIQUE INDEX CONCURRENTLY ix ON account (lower(email)) WHERE id > 0;\n");
  ground.die_at(revision, 0);
  std::string expected;
  SECTION("an index of the table") {
    ground.database.execute("CREATE UNIQUE INDEX ix ON account (email) WHERE id > 0");
    expected = "index public.ix is there and valid, but is another one: UNIQUE USING btree (email) WHERE (id > 0)";
  }
  SECTION("something else") {
    ground.database.execute("CREATE TABLE ix ()");
    expected = "public.ix is there already, and is no index of account";
  }
  const auto again = resumed(revision, 0);
  const auto failure = ground.failure_of(again);
  CHECK(failure.unsettled);
  CHECK(
      told(failure, again, ground.session) ==
      "error[unsettled-statement]: " + expected +
          "\n"
          "  --> migrations/a1.sql:1:1\n"
          "   |\n"
          " 1 | CREATE UNIQUE INDEX CONCURRENTLY ix ON account (lower(email)) WHERE id > 0;\n"
          "   | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ statement 1 of 1, outside a "
          "transaction\n"
          "   |\n"
          "   = state: NOT rolled back: statement 1 begun; a1 is marked as unfinished\n"
          "help: look at what it did; where it is done: `migrate mark a1 --done 1`, then `migrate upgrade`\n"
          "help: where nothing of it is there: `migrate mark a1 --done 0`, then `migrate upgrade`\n"
          "help: or say it of the whole revision: `migrate mark a1 applied`, `migrate mark a1 pending`\n"
          "exit 5\n");
  CHECK(journal_rows(ground.database) == Lines{"a1 applying 0/1"});
}

TEST_CASE("an index that fails again is cleared away each time, and the revision stays unfinished") {
  SettleGround ground;
  ground.database.execute("INSERT INTO account VALUES (3, 'a')");
  const auto revision = make_run("a1", "CREATE UNIQUE INDEX CONCURRENTLY ix ON account (email);\n");
  CHECK(ground.failure_of(revision).server_error.sqlstate == "23505");
  for (int i = 0; i < 2; ++i) {
    const auto again = ground.failure_of(resumed(revision, 0));
    CHECK(again.server_error.sqlstate == "23505");
    CHECK(again.aftermath == db::Aftermath::left_behind);
    CHECK(again.found == Lines{"invalid index public.ix"});
    CHECK(journal_rows(ground.database) == Lines{"a1 applying 0/1"});
  }
  ground.database.execute("DELETE FROM account WHERE id = 3");
  ground.must_run(resumed(revision, 0));
  CHECK(ground.value(valid_query) == "t");
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 1/1"});
}

TEST_CASE("what can't be cleared away leaves the revision unfinished") {
  TestDatabase roles;
  roles.execute("CREATE ROLE owner_6 LOGIN");
  {
    SettleGround ground;
    const auto revision = make_run("a1", "CREATE INDEX CONCURRENTLY ix ON account (email);\n");
    ground.die_at(revision, 0);
    ground.database.execute(
        "CREATE INDEX ix ON account (email); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix'::regclass; "
        "GRANT ALL ON migrate_revision, migrate_log TO owner_6; GRANT ALL ON SCHEMA public TO owner_6");
    ground.session = connect(ground.database.conninfo() + " user=owner_6");
    const auto failure = ground.failure_of(resumed(revision, 0));
    CHECK(failure.server_error.sqlstate == "42501");
    CHECK(failure.aftermath == db::Aftermath::left_behind);
    CHECK(failure.found == Lines{"this was to clear the way: DROP INDEX CONCURRENTLY public.ix"});
    CHECK(journal_rows(ground.database) == Lines{"a1 applying 0/1"});
    ground.session = connect(ground.database.conninfo());
    ground.must_run(resumed(revision, 0));
    ground.database.execute("DROP OWNED BY owner_6");
  }
  roles.execute("DROP ROLE owner_6");
}

TEST_CASE("IF NOT EXISTS builds an index again that it would keep although it is invalid") {
  SettleGround ground;
  ground.database.execute(
      "CREATE INDEX ix ON account (email); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix'::regclass");
  ground.must_run(make_run("a1", "CREATE INDEX CONCURRENTLY IF NOT EXISTS \"ix\" ON public.account (email);\n"));
  CHECK(ground.recorder.events == Lines{"settled 1: index public.ix is invalid: it is dropped and built again",
                                        "start 1", "done 1 CREATE INDEX"});
  CHECK(ground.value(valid_query) == "t");
  ground.must_run(make_run("b1", "CREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON account (email);\n"));
  CHECK(ground.recorder.events == Lines{"start 1", "done 1 CREATE INDEX"});
}

TEST_CASE("DROP INDEX CONCURRENTLY that was under way is done where the index is gone") {
  SettleGround ground;
  ground.database.execute("CREATE INDEX ix ON account (email)");
  const auto revision = make_run("a1", "VACUUM account;\nDROP INDEX CONCURRENTLY ix;\n");
  ground.die_at(revision, 1);
  SECTION("gone") {
    ground.database.execute("DROP INDEX ix");
    ground.must_run(resumed(revision, 1));
    CHECK(ground.recorder.events == Lines{"settled 2: index ix is gone: that counts as done"});
  }
  SECTION("still there") {
    ground.must_run(resumed(revision, 1));
    CHECK(ground.recorder.events == Lines{"start 2", "done 2 DROP INDEX"});
  }
  CHECK(ground.value("SELECT to_regclass('ix') IS NULL") == "t");
}

TEST_CASE("a statement that the server refused is not taken for done") {
  SettleGround ground;
  const auto revision = make_run("a1", "VACUUM account;\nDROP INDEX CONCURRENTLY misspelt;\n");
  CHECK(ground.failure_of(revision).server_error.sqlstate == "42704");
  CHECK(ground.failure_of(resumed(revision, 1)).server_error.sqlstate == "42704");
  CHECK(journal_rows(ground.database) == Lines{"a1 applying 1/2"});
}

TEST_CASE("a downgrade that was cut off is settled too") {
  SettleGround ground;
  ground.must_run(make_run("a1", "CREATE INDEX CONCURRENTLY ix ON account (email);\n"));
  const auto down = make_run("a1", "DROP INDEX CONCURRENTLY ix;\n", db::Direction::down);
  ground.die_at(down, 0);
  CHECK(journal_rows(ground.database) == Lines{"a1 reverting 0/1"});
  ground.database.execute("DROP INDEX ix");
  ground.must_run(resumed(down, 0));
  CHECK(ground.recorder.events == Lines{"settled 1: index ix is gone: that counts as done"});
  CHECK(journal_rows(ground.database).empty());
}

TEST_CASE("a partition that is half detached is detached to the end") {
  SettleGround ground;
  ground.database.execute(
      "CREATE TABLE p (a int) PARTITION BY LIST (a); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1)");
  const auto revision = make_run("a1", "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;\n");
  SECTION("half") {
    Interrupt interrupt;
    ground.session = connect(ground.database.conninfo(), &interrupt);
    auto holder = ground.database.connect();
    holder.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT * FROM p");
    {
      const InterruptLater later(interrupt, 400ms);
      CHECK(ground.failure_of(revision).found == Lines{"partition public.p1 half detached"});
    }
    holder.execute("ROLLBACK");
    ground.session = connect(ground.database.conninfo());
    ground.must_run(resumed(revision, 0));
    CHECK(ground.recorder.events == Lines{"settled 1: partition p1 is half detached: that is finished"});
  }
  SECTION("whole") {
    ground.die_at(revision, 0);
    ground.database.execute("ALTER TABLE p DETACH PARTITION p1");
    ground.must_run(resumed(revision, 0));
    CHECK(ground.recorder.events == Lines{"settled 1: partition p1 is detached: that counts as done"});
  }
  SECTION("not at all") {
    ground.die_at(revision, 0);
    ground.must_run(resumed(revision, 0));
    CHECK(ground.recorder.events == Lines{"start 1", "done 1 ALTER TABLE"});
  }
  CHECK(ground.value("SELECT count(*) FROM pg_inherits WHERE inhparent = 'p'::regclass") == "0");
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 1/1"});
}

TEST_CASE("databases that were being made or dropped are looked for") {
  SettleGround ground;
  const std::string name = ground.database.name() + "_other";
  const auto created = make_run("a1", "CREATE DATABASE " + name);
  ground.die_at(created, 0);
  ground.database.execute("CREATE DATABASE " + name);
  ground.must_run(resumed(created, 0));
  CHECK(ground.recorder.events == Lines{"settled 1: database " + name + " is there: that counts as done"});

  const auto dropped = make_run("a1", "DROP DATABASE " + name, db::Direction::down);
  ground.die_at(dropped, 0);
  ground.must_run(resumed(dropped, 0));
  CHECK(ground.recorder.events == Lines{"start 1", "done 1 DROP DATABASE"});
  CHECK(ground.value("SELECT count(*) FROM pg_database WHERE datname = '" + name + "'") == "0");
}

TEST_CASE("what the catalog does not tell is asked of a person, again and again until the person says it") {
  SettleGround ground;
  ground.database.execute(
      "CREATE PROCEDURE work() LANGUAGE plpgsql AS $$ BEGIN INSERT INTO account VALUES (9); COMMIT; "
      "PERFORM 1 / (SELECT count(*) - 9 FROM account WHERE id = 9); END $$");
  const auto revision = make_run("a1", "VACUUM account;\nCALL work();\nCREATE TABLE t ();\n");
  std::string expected;
  SECTION("nobody saw its end") {
    ground.die_at(revision, 1);
    expected = "`CALL work` was begun, and nobody saw its end: the catalog does not tell what it did";
  }
  SECTION("it failed, and may have committed before") {
    auto failing = make_run("a1", "VACUUM account;\nDO $$ BEGIN COMMIT; PERFORM 1/0; END $$;\nCREATE TABLE t ();\n");
    CHECK(ground.failure_of(failing).server_error.sqlstate == "22012");
    expected = "`CALL work` was begun and failed: the catalog does not tell what it did";
  }
  for (int i = 0; i < 3; ++i) {
    const auto failure = ground.failure_of(resumed(revision, 1));
    CHECK(failure.unsettled);
    CHECK(failure.server_error.message == expected);
    CHECK(failure.steps_done == 1);
  }
  ground.database.execute(ground.journal.marked_done_sql(revision::RevisionId("a1"), 2));
  CHECK(journal_rows(ground.database) == Lines{"a1 applying 2/3"});
  ground.must_run(resumed(revision, 2));
  CHECK(ground.recorder.events == Lines{"start 3", "done 3 CREATE TABLE"});
  CHECK(ground.value("SELECT count(*) FROM account WHERE id = 9") == "0");
}

TEST_CASE("a statement that was not begun is run, whatever it is") {
  SettleGround ground;
  const auto revision = make_run("a1", "VACUUM account;\nVACUUM nowhere;\nDO $$ BEGIN COMMIT; END $$;\n");
  CHECK(ground.failure_of(revision).steps_done == 1);
  ground.database.execute("CREATE TABLE nowhere ()");
  ground.must_run(resumed(revision, 1));
  CHECK(ground.recorder.events == Lines{"start 2", "done 2 VACUUM", "start 3", "done 3 DO"});
}

TEST_CASE("a block that cannot commit runs in one transaction with the journal") {
  SettleGround ground;
  auto revision = make_run("a1", "VACUUM account;\nDO $$ BEGIN INSERT INTO account VALUES (9); PERFORM 1/0; END $$;\n");
  CHECK(ground.failure_of(revision).server_error.sqlstate == "22012");
  CHECK(ground.value("SELECT count(*) FROM account WHERE id = 9") == "0");
  const auto again = ground.failure_of(resumed(revision, 1));
  CHECK_FALSE(again.unsettled);
  CHECK(again.server_error.sqlstate == "22012");
}

TEST_CASE("a revision that was left behind goes on statement by statement although its file is now transactional") {
  SettleGround ground;
  ground.die_at(make_run("a1", "CREATE INDEX CONCURRENTLY ix ON account (email);\n"), 0);
  ground.must_run(resumed(make_run("a1", "CREATE INDEX ix ON account (email);\nCREATE TABLE t ();\n"), 0));
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 2/2"});
}

TEST_CASE("a person's word makes a revision applied") {
  SettleGround ground;
  ground.die_at(make_run("a1", "CREATE INDEX CONCURRENTLY ix ON account (email);\n"), 0);
  ground.database.execute(ground.journal.marked_applied_sql(revision::RevisionId("a1")));
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 1/1"});
  CHECK(ground.value("SELECT applied_at IS NOT NULL FROM migrate_revision") == "t");
}

TEST_CASE("an index of another schema is not dropped in the place of one that is gone") {
  SettleGround ground;
  ground.database.execute(
      "CREATE SCHEMA tenant; CREATE TABLE tenant.t (id int); CREATE INDEX idx ON tenant.t (id); CREATE INDEX idx ON "
      "account (id)");
  const auto revision = make_run("a1", "SET search_path = tenant, public;\nDROP INDEX CONCURRENTLY idx;\n");
  ground.die_at(revision, 1);
  SECTION("nobody can tell which one is meant: a person is asked") {
    ground.database.execute("DROP INDEX tenant.idx");
    CHECK(ground.failure_of(resumed(revision, 1)).unsettled);
  }
  SECTION("the one that is meant is there: it is dropped") {
    ground.must_run(resumed(revision, 1));
    CHECK(ground.value("SELECT to_regclass('tenant.idx') IS NULL") == "t");
  }
  CHECK(ground.value("SELECT to_regclass('public.idx') IS NOT NULL") == "t");
}
