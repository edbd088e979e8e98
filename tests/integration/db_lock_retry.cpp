// Statements that get no lock: who is in the way, and another try.
#include "integration/run_ground.hpp"

using namespace migrate;
using namespace migrate::test;
using namespace std::chrono_literals;

namespace {

struct Ground : RunGround {
  explicit Ground(const Interrupt* interrupt = nullptr) : RunGround(interrupt) {
    database.execute("CREATE TABLE account (id int); CREATE TABLE other (id int)");
  }
};

db::RevisionRun patient(db::RevisionRun run, std::chrono::milliseconds retry_for = 1min) {
  run.lock_timeout = 300ms;
  run.retry_for = retry_for;
  return run;
}

// Holds a lock, as somebody who forgot to commit.
Connection blocker_of(const TestDatabase& database, const std::string& application = "forgotten") {
  Connection blocker(database.conninfo() + " application_name=" + application);
  blocker.execute("BEGIN; LOCK TABLE account IN ACCESS SHARE MODE");
  return blocker;
}

}  // namespace

TEST_CASE("a revision that gets no lock is rolled back, tells who is in the way, and is tried again") {
  Ground ground;
  auto blocker = blocker_of(ground.database);
  std::string seen_while_pausing;
  ground.recorder.on_lock_failure = [&](const db::LockFailure&) {
    // The first table is not kept locked meanwhile, and nothing of the revision is there.
    seen_while_pausing = ground.value("SELECT count(*) FROM pg_locks WHERE relation = 'other'::regclass");
    if (ground.recorder.lock_failures.size() == 2) blocker.execute("ROLLBACK");
  };
  const auto revision =
      patient(make_run("a1", "ALTER TABLE other ADD COLUMN a int;\nALTER TABLE account ADD COLUMN a int;\n"));
  const auto report = ground.run(revision);
  if (!report) FAIL(told(report.error(), revision, ground.session));
  REQUIRE(ground.recorder.lock_failures.size() == 2);
  const db::LockFailure& first = ground.recorder.lock_failures.front();
  CHECK(first.statement == 1U);
  CHECK_FALSE(first.deadlock);
  CHECK(first.tries == 1);
  CHECK(first.pause >= 50ms);
  CHECK(first.pause <= 100ms);
  REQUIRE(first.blockers.size() == 1);
  CHECK(first.blockers[0].pid == blocker.pid());
  CHECK(first.blockers[0].user == "postgres");
  CHECK(first.blockers[0].application == "forgotten");
  CHECK(first.blockers[0].state == "idle in transaction");
  CHECK(first.blockers[0].since.has_value());
  CHECK(seen_while_pausing == "0");
  CHECK(ground.recorder.events == Lines{"start 1", "done 1 ALTER TABLE", "start 2", "start 1", "done 1 ALTER TABLE",
                                        "start 2", "start 1", "done 1 ALTER TABLE", "start 2", "done 2 ALTER TABLE"});
  CHECK(log_lines(ground.database) == Lines{"- journal done", "a1 up done"});
}

TEST_CASE("a blocker that stays ends the tries with 4, and the error names it") {
  Ground ground;
  auto blocker = blocker_of(ground.database);
  const auto revision = patient(make_run("a1", "ALTER TABLE account ADD COLUMN a int;\n"), 1s);
  const auto report = ground.run(revision);
  REQUIRE_FALSE(report);
  CHECK(report.error().tries > 1);
  const std::string text = told(report.error(), revision, ground.session);
  CHECK(text.find("error[lock-not-available]: canceling statement due to lock timeout\n") == 0);
  CHECK(text.find(fmt::format("   = blocked by: pid {} (postgres, forgotten, idle in transaction, its transaction is ",
                              blocker.pid())) != std::string::npos);
  CHECK(text.find(fmt::format("   = note: {} tries got no lock\n", report.error().tries)) != std::string::npos);
  CHECK(text.find("exit 4\n") != std::string::npos);
  CHECK(log_lines(ground.database) == Lines{"- journal done", "a1 up failed 55P03"});
  CHECK(ground.value("SELECT count(*) FROM pg_attribute WHERE attrelid = 'account'::regclass AND attnum > 0") == "1");
}

TEST_CASE("without time for more there is one try") {
  Ground ground;
  auto blocker = blocker_of(ground.database);
  const auto report = ground.run(patient(make_run("a1", "DROP TABLE account;\n"), 0ms));
  REQUIRE_FALSE(report);
  CHECK(report.error().tries == 1);
  CHECK(ground.recorder.lock_failures.empty());
  REQUIRE(report.error().blockers.size() == 1);
  CHECK(report.error().blockers[0].pid == blocker.pid());
}

TEST_CASE("a deadlock is tried again") {
  Ground ground;
  auto other = ground.database.connect();
  // It is we who find the deadlock.
  other.execute("SET deadlock_timeout = '1min'; BEGIN; LOCK TABLE account");
  ground.recorder.on_start = [&](std::size_t index) {
    if (index == 1 && ground.recorder.lock_failures.empty()) other.send("LOCK TABLE other; COMMIT");
  };
  auto revision = patient(make_run("a1", "LOCK TABLE other;\nLOCK TABLE account;\nCREATE TABLE t ();\n"));
  revision.lock_timeout = 20s;
  const auto report = ground.run(revision);
  if (!report) FAIL(told(report.error(), revision, ground.session));
  other.receive();
  REQUIRE(ground.recorder.lock_failures.size() == 1);
  CHECK(ground.recorder.lock_failures[0].deadlock);
  CHECK(journal_rows(ground.database) == Lines{"a1 applied 3/3"});
}

TEST_CASE("an interrupt ends the pause between two tries with 130") {
  Interrupt interrupt;
  Ground ground(&interrupt);
  auto blocker = blocker_of(ground.database);
  ground.recorder.on_lock_failure = [&](const db::LockFailure&) { interrupt.raise(); };
  const auto revision = patient(make_run("a1", "DROP TABLE account;\n"));
  const auto report = ground.run(revision);
  REQUIRE_FALSE(report);
  CHECK(report.error().server_error.interrupted);
  CHECK(told(report.error(), revision, ground.session).find("exit 130\n") != std::string::npos);
}

TEST_CASE("outside a transaction the statement alone is tried again") {
  Ground ground;
  auto blocker = ground.database.connect();
  blocker.execute("BEGIN; LOCK TABLE account IN SHARE UPDATE EXCLUSIVE MODE");
  ground.recorder.on_lock_failure = [&](const db::LockFailure&) {
    if (ground.recorder.lock_failures.size() == 1) blocker.execute("ROLLBACK; BEGIN; LOCK TABLE other");
    if (ground.recorder.lock_failures.size() == 2) blocker.execute("ROLLBACK");
  };
  const auto revision =
      patient(make_run("a1", "CREATE TABLE t ();\nVACUUM account;\nALTER TABLE other ADD COLUMN a int;\n"));
  const auto report = ground.run(revision);
  if (!report) FAIL(told(report.error(), revision, ground.session));
  REQUIRE(ground.recorder.lock_failures.size() == 2);
  CHECK(ground.recorder.lock_failures[0].statement == 1U);
  CHECK(ground.recorder.lock_failures[1].statement == 2U);
  CHECK(ground.recorder.events == Lines{"start 1", "done 1 CREATE TABLE", "start 2", "start 2", "done 2 VACUUM",
                                        "start 3", "start 3", "done 3 ALTER TABLE"});
}
