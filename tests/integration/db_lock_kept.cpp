// Functions of a revision may let go of all locks of its session.
#include "integration/run_ground.hpp"

#include <atomic>

using namespace migrate;
using namespace migrate::test;
using namespace std::chrono_literals;

namespace {

// The lock is held, and somebody else asks for it all the time.
struct Ground : RunGround {
  Ground() : lock(must(db::MigrationLock::acquire(session, "public", 0ms))) {
    database.execute(
        "CREATE TABLE account (id int PRIMARY KEY, email text); INSERT INTO account VALUES (1, 'a'), (2, 'b');"
        "CREATE FUNCTION let_go() RETURNS int VOLATILE LANGUAGE plpgsql AS "
        "'BEGIN PERFORM pg_advisory_unlock_all(); PERFORM pg_sleep(0.1); RETURN 1; END'");
    other = std::jthread([this](const std::stop_token& stop) {
      Connection connection = database.connect();
      const std::string key = fmt::format("{}", db::MigrationLock::key("public"));
      while (!stop.stop_requested()) {
        if (connection.value("SELECT pg_try_advisory_lock(" + key + ")") != "t") continue;
        ++taken;
        connection.execute("SELECT pg_advisory_unlock(" + key + ")");
      }
    });
  }
  int times_taken() {
    other.request_stop();
    other.join();
    return taken;
  }
  bool is_held() {
    auto asking = connect(database.conninfo());
    const auto holder = must(db::MigrationLock::holder(asking, "public"));
    return holder && holder->pid == session.info().backend_pid;
  }

  db::MigrationLock lock;
  std::atomic<int> taken = 0;
  std::jthread other;
};

}  // namespace

TEST_CASE("a revision in one transaction keeps the migration lock, whatever its functions let go of") {
  Ground ground;
  std::vector<std::string> notices;
  ground.session.on_notice([&](const db::Notice& notice) { notices.push_back(notice.message); });
  ground.must_run(make_run("a1", "SELECT let_go();\nCREATE TABLE t ();\nSELECT let_go();\n"));
  ground.must_run(make_run("b1", "SELECT let_go();\n"));
  CHECK(ground.is_held());
  ground.must_run(make_run("b1", "SELECT let_go();\n", db::Direction::down));
  CHECK(ground.is_held());
  CHECK(ground.times_taken() == 0);
  CHECK(notices.empty());
  ground.lock.release();
  CHECK_FALSE(ground.is_held());
}

TEST_CASE("what has to come before any query still does, and nothing hides the warnings of COMMIT") {
  RunGround ground;
  const auto lock = must(db::MigrationLock::acquire(ground.session, "public", 0ms));
  std::vector<std::string> notices;
  ground.session.on_notice([&](const db::Notice& notice) { notices.push_back(notice.message); });
  ground.must_run(
      make_run("a1",
               "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE;\nCREATE TABLE d (i text);\n"
               "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE WARNING 'hello'; RETURN "
               "NULL; END $$;\nCREATE CONSTRAINT TRIGGER ct AFTER INSERT ON d DEFERRABLE INITIALLY DEFERRED FOR "
               "EACH ROW EXECUTE FUNCTION f();\nINSERT INTO d VALUES (current_setting('transaction_isolation'));\n"));
  CHECK(ground.value("SELECT i FROM d") == "serializable");
  CHECK(notices == Lines{"hello"});
  ground.must_run(make_run("b1", "SET TRANSACTION READ WRITE;\nVACUUM d;\n"));
  ground.must_run(make_run("c1", "SET TRANSACTION READ WRITE;\n"));
}

TEST_CASE("a lock that is lost before a statement is tried again is not waited for") {
  RunGround ground;
  auto other = connect(ground.database.conninfo());
  ground.database.execute(
      "CREATE TABLE t (); CREATE FUNCTION let_go() RETURNS int VOLATILE LANGUAGE plpgsql AS "
      "'BEGIN PERFORM pg_advisory_unlock_all(); RETURN 1; END'");
  auto lock = must(db::MigrationLock::acquire(ground.session, "public", 0ms));
  Connection reader = ground.database.connect();
  reader.execute("BEGIN; LOCK TABLE t IN ACCESS SHARE MODE");
  const bool stepwise = GENERATE(false, true);
  auto revision =
      make_run("a1", stepwise ? "SELECT let_go();\nSELECT 1 FROM let_go(), pg_sleep(0.3);\nDROP TABLE t;\nVACUUM;\n"
                              : "SELECT let_go();\nDROP TABLE t;\n");
  revision.lock_timeout = 200ms;
  revision.retry_for = 60s;
  std::jthread later([&] {
    std::this_thread::sleep_for(1500ms);
    reader.execute("ROLLBACK");
  });
  ground.must_run(revision);
  CHECK_FALSE(ground.recorder.lock_failures.empty());
  CHECK_FALSE(db::MigrationLock::acquire(other, "public", 0ms));
}

TEST_CASE("a revision that runs statement by statement, or in batches, keeps the migration lock too") {
  Ground ground;
  ground.must_run(make_run("a1",
                           "SELECT let_go();\nCREATE INDEX CONCURRENTLY ix ON account (email);\nSELECT let_go();\n"
                           "-- migrate:batch rows=1\nUPDATE account SET email = let_go()::text;\nSELECT let_go();\n"));
  CHECK(ground.is_held());
  CHECK(ground.times_taken() == 0);
}

TEST_CASE("a procedure that lets go of it: it is taken again, or the run stops where another has it") {
  SECTION("nobody has it") {
    RunGround ground;
    const auto lock = must(db::MigrationLock::acquire(ground.session, "public", 0ms));
    ground.must_run(make_run("a1",
                             "CREATE TABLE t ();\nDO $$ BEGIN COMMIT; PERFORM pg_advisory_unlock_all(); END $$;\n"
                             "VACUUM t;\n"));
    auto other = connect(ground.database.conninfo());
    CHECK(must(db::MigrationLock::holder(other, "public")));
  }
  SECTION("another run") {
    RunGround ground;
    auto lock = must(db::MigrationLock::acquire(ground.session, "public", 0ms));
    auto other = connect(ground.database.conninfo());
    std::jthread thief([&] {
      const auto theirs = db::MigrationLock::acquire(other, "public", 60s);
      std::this_thread::sleep_for(1s);
    });
    const auto revision = make_run(
        "a1",
        "CREATE TABLE t ();\nDO $$ BEGIN COMMIT; PERFORM pg_advisory_unlock_all(); PERFORM pg_sleep(0.7); END $$;\n"
        "CREATE TABLE u ();\nVACUUM t;\n");
    const auto failure = ground.failure_of(revision);
    CHECK(failure.aftermath == db::Aftermath::left_behind);
    CHECK(failure.steps_done == 1);
    const std::string text = told(failure, revision, ground.session);
    CHECK(text.find("error[lock-released]: the statement let go of the migration lock, and another run has it now\n") ==
          0);
    CHECK(text.find("exit 5\n") != std::string::npos);
    CHECK(ground.value("SELECT to_regclass('u') IS NULL") == "t");
    CHECK(journal_rows(ground.database) == Lines{"a1 applying 1/4"});
    // A DO block is not run again by guess.
    const auto next = ground.failure_of(resumed(revision, 1));
    CHECK(next.unsettled);
  }
}
