// How a revision ends that is interrupted, or loses its server.
#include "integration/executor_ground.hpp"

using namespace migrate;
using namespace migrate::test;
using namespace std::chrono_literals;

using Ground = ExecutorGround;

TEST_CASE("an interrupt in a statement rolls the revision back and ends with 130") {
  Interrupt interrupt;
  Ground ground(&interrupt);
  std::string text;
  {
    const InterruptLater later(interrupt, 200ms);
    text = ground.told_of(make_run("a1", "CREATE TABLE a ();\nSELECT pg_sleep(30);\n"));
  }
  CHECK(text ==
        "error[interrupted]: canceling statement due to user request\n"
        "  --> migrations/a1.sql:2:1\n"
        "   |\n"
        " 2 | SELECT pg_sleep(30);\n"
        "   | ^^^^^^^^^^^^^^^^^^^ statement 2 of 2\n"
        "   |\n"
        "   = postgres: SQLSTATE 57014\n"
        "   = state: a1 rolled back; app_dev is as before this revision\n"
        "help: run `migrate upgrade` again\n"
        "exit 130\n");
  CHECK(ground.recorder.ticks > 0);
  CHECK(ground.session.transaction_status() == db::TransactionStatus::idle);
  CHECK(log_lines(ground.database).back() == "a1 up failed 57014");
}

TEST_CASE("a server process that is ended in the middle rolls back, and the error names it") {
  Ground ground;
  const int pid = ground.session.info().backend_pid;
  auto other = ground.end_process_later();
  const auto revision = make_run("a1", "CREATE TABLE a ();\nSELECT pg_sleep(30);\n");
  const auto failure = ground.failure_of(revision);
  other.join();
  CHECK(failure.server_error.connection_lost);
  CHECK(failure.server_error.sqlstate == "57P01");
  CHECK(failure.aftermath == db::Aftermath::rolled_back);
  const std::string text = told(failure, revision, ground.session);
  CHECK(text.find(
            fmt::format("   = state: a1 is rolled back by the server; until it notices, its process {} may still be "
                        "at work\n",
                        pid)) != std::string::npos);
  CHECK(ground.value("SELECT count(*) FROM pg_tables WHERE tablename = 'a'") == "0");
}

TEST_CASE("a link that broke before a revision began is no statement's fault; one that broke in its first is") {
  Ground ground;
  SECTION("before") {
    ground.end_process_later().join();
    const auto revision = make_run("a1", "CREATE TABLE a ();\n");
    const auto failure = ground.failure_of(revision);
    CHECK(failure.stage == db::RunStage::begin);
    CHECK(told(failure, revision, ground.session).find("exit 3\n") != std::string::npos);
  }
  SECTION("in its first statement") {
    auto other = ground.end_process_later();
    const auto revision = make_run("a1", "SELECT pg_sleep(30);\n");
    const auto failure = ground.failure_of(revision);
    other.join();
    CHECK(failure.stage == db::RunStage::statement);
    CHECK(failure.statement == 0U);
    CHECK(told(failure, revision, ground.session).find("exit 4\n") != std::string::npos);
  }
}

TEST_CASE("a server that crashes in the middle has nothing of the revision afterwards") {
  PrivateServer server;
  auto session = connect(server.conninfo());
  const auto journal = journal_of();
  must(journal.ensure(session));
  CHECK(run(session, journal, make_run("a1", "CREATE TABLE a ()")));
  std::jthread other([&] {
    std::this_thread::sleep_for(300ms);
    server.stop(true);
  });
  const auto failed = run(session, journal, make_run("b1", "CREATE TABLE b (); SELECT pg_sleep(30)"));
  other.join();
  REQUIRE_FALSE(failed);
  CHECK(failed.error().server_error.connection_lost);
  CHECK(failed.error().aftermath == db::Aftermath::rolled_back);

  server.start();
  auto after = connect(server.conninfo());
  const auto content = must(journal.read(after));
  REQUIRE(content.rows.size() == 1);
  CHECK(content.rows[0].entry.id.str() == "a1");
  CHECK(must(after.query("SELECT count(*) FROM pg_tables WHERE tablename = 'b'")).front().front() == "0");
}
