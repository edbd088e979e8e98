#include "integration/db_support.hpp"

#include <atomic>

using namespace migrate;
using namespace migrate::test;
using namespace std::chrono_literals;

TEST_CASE("the migration lock's key is the same for ever, and another one for each schema") {
  // Programs of all versions must meet at the same lock: this number is not to be changed.
  CHECK(db::MigrationLock::key("public") == -7942803290505493591);
  CHECK(db::MigrationLock::key("public") != db::MigrationLock::key("app"));
}

TEST_CASE("the migration lock is held by one session at a time, and released at the end of its life") {
  TestDatabase database;
  auto first = connect(database.conninfo());
  auto second = connect(database.conninfo());
  CHECK_FALSE(must(db::MigrationLock::holder(first, "public")));
  {
    const auto lock = must(db::MigrationLock::acquire(first, "public", 0ms));
    const auto holder = must(db::MigrationLock::holder(second, "public"));
    REQUIRE(holder);
    CHECK(holder->pid == first.info().backend_pid);
    CHECK(holder->user == "postgres");
    CHECK(holder->application == "migrate");
    CHECK(holder->state == "idle");
    CHECK(holder->since);
    CHECK(holder->connected);

    const auto refused = db::MigrationLock::acquire(second, "public", 150ms);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().exit_code == ExitCode::unreachable);
    const std::string text = rendered(refused.error());
    CHECK(text.find(fmt::format("error[migration-lock-timeout]: another run of migrate is at work on database `{}`\n",
                                database.name())) == 0);
    CHECK(text.find(fmt::format("   = held by: pid {} (postgres, migrate, idle for ", holder->pid)) !=
          std::string::npos);
    CHECK(text.find("help: if its client is gone for good: migrate lock break\n") != std::string::npos);
    // Another journal is another matter.
    CHECK(db::MigrationLock::acquire(second, "app", 0ms));
  }
  CHECK(db::MigrationLock::acquire(second, "public", 0ms));
}

TEST_CASE("whoever waits for the lock is told who holds it, and gets it when that one is done") {
  TestDatabase database;
  auto first = connect(database.conninfo());
  auto second = connect(database.conninfo());
  auto lock = must(db::MigrationLock::acquire(first, "public", 0ms));
  std::jthread other([&] {
    std::this_thread::sleep_for(400ms);
    lock.release();
  });
  int told_times = 0;
  const auto taken = db::MigrationLock::acquire(second, "public", 60s, [&](const auto& holder, auto) {
    if (holder) CHECK(holder->pid == first.info().backend_pid);
    ++told_times;
  });
  other.join();
  CHECK(taken);
  CHECK(told_times >= 2);
}

TEST_CASE("waiting for the lock can be interrupted") {
  TestDatabase database;
  Interrupt interrupt;
  auto first = connect(database.conninfo());
  auto second = connect(database.conninfo(), &interrupt);
  const auto lock = must(db::MigrationLock::acquire(first, "public", 0ms));
  const InterruptLater later(interrupt, 200ms);
  const auto stopped = db::MigrationLock::acquire(second, "public", 60s);
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().exit_code == ExitCode::interrupted);
}

TEST_CASE("the lock is released also where an interrupt came in between") {
  TestDatabase database;
  Interrupt interrupt;
  auto first = connect(database.conninfo(), &interrupt);
  auto second = connect(database.conninfo());
  {
    const auto lock = must(db::MigrationLock::acquire(first, "public", 0ms));
    interrupt.raise();
  }
  CHECK(db::MigrationLock::acquire(second, "public", 0ms));
}

TEST_CASE("waiters never hang a CREATE INDEX CONCURRENTLY of the lock's holder") {
  TestDatabase database;
  database.execute("CREATE TABLE t AS SELECT generate_series(1, 10000) AS a");
  auto session = connect(database.conninfo());
  const auto journal = journal_of();
  must(journal.ensure(session));
  auto lock = must(db::MigrationLock::acquire(session, "public", 0ms));

  std::atomic<int> got_it{0};
  std::vector<std::thread> waiters;
  for (int i = 0; i < 5; ++i) {
    waiters.emplace_back([&] {
      auto waiter = connect(database.conninfo());
      if (db::MigrationLock::acquire(waiter, "public", 60s)) ++got_it;
    });
  }
  std::this_thread::sleep_for(200ms);
  for (int i = 0; i < 5; ++i) {
    const auto revision = make_run(fmt::format("r{}", i), fmt::format("CREATE INDEX CONCURRENTLY ix{} ON t (a)", i));
    const auto report = run(session, journal, revision);
    if (!report) FAIL(told(report.error(), revision, session));
  }
  CHECK(got_it == 0);
  lock.release();
  for (auto& waiter : waiters) waiter.join();
  CHECK(got_it == 5);
}
