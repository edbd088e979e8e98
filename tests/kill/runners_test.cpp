// Many programs at once, one that dies with the lock in its hands, and transactions of others that are in the way.
#include <csignal>
#include <thread>

#include "kill/ground.hpp"
#include "support/catch.hpp"

using namespace migrate::kill;
using namespace migrate::test;

namespace {

using std::chrono::milliseconds;

constexpr int runners = 20;
constexpr milliseconds limit{90'000};

// Whether it comes true within 20 seconds.
bool becomes_true(Connection& connection, const std::string& question) {
  for (int i = 0; i < 2000; ++i) {
    if (connection.value(question) == "t") return true;
    std::this_thread::sleep_for(milliseconds(10));
  }
  return false;
}

const std::string index_is_being_built =
    "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' "
    "AND query LIKE 'CREATE INDEX CONCURRENTLY%')";

}  // namespace

TEST_CASE("of twenty programs started at once one works, and all end well") {
  Ground ground(outside_history());
  for (const auto direction : {Direction::up, Direction::down}) {
    ground.make_ready(direction);
    std::vector<std::unique_ptr<ChildProgram>> programs;
    for (int i = 0; i < runners; ++i) programs.push_back(ground.start(direction));
    for (auto& program : programs) {
      const auto end = program->wait(limit);
      INFO(end.output);
      CHECK(end.exit_code == 0);
    }
    CHECK(ground.compare(direction, ground.sight()).empty());
    ground.is_at(direction);
  }
}

TEST_CASE("when the holder of the lock is killed, another program goes on") {
  Ground ground(transactional_history());
  Connection blocker(ground.conninfo());
  ground.make_ready(Direction::up);
  // The first program waits here in its last revision, with the lock; nothing has been committed of that one.
  blocker.execute("BEGIN; LOCK TABLE witness.applied IN ACCESS EXCLUSIVE MODE");
  auto first = ground.start(Direction::up);
  REQUIRE(becomes_true(blocker,
                       "SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted) AND EXISTS "
                       "(SELECT FROM pg_locks WHERE relation = 'witness.applied'::regclass AND NOT granted)"));
  auto second = ground.start(Direction::up);
  CHECK_FALSE(second->ends_within(milliseconds(300)));
  first->signal(SIGKILL);
  CHECK(first->wait(limit).exit_code == 128 + SIGKILL);
  blocker.execute("ROLLBACK");
  const auto end = second->wait(limit);
  INFO(end.output);
  CHECK(end.exit_code == 0);
  INFO(ground.compare(Direction::up, ground.sight()));
  CHECK(ground.compare(Direction::up, ground.sight()).empty());
}

TEST_CASE("an index that is built concurrently waits for an old snapshot, and comes to its end after it") {
  Ground ground(outside_history());
  ground.make_ready(Direction::up);
  Connection old(ground.conninfo());
  old.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM witness.applied");
  auto program = ground.start(Direction::up);
  REQUIRE(becomes_true(ground.connection(), index_is_being_built));
  CHECK_FALSE(program->ends_within(milliseconds(500)));
  old.execute("COMMIT");
  const auto end = program->wait(limit);
  INFO(end.output);
  CHECK(end.exit_code == 0);
  CHECK(ground.compare(Direction::up, ground.sight()).empty());
}

TEST_CASE("a program that builds an index and waits for an old snapshot says whose it is") {
  Ground ground(outside_history());
  ground.make_ready(Direction::up);
  Connection old(ground.conninfo());
  old.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM witness.applied");
  auto program = ground.start(Direction::up);
  REQUIRE(becomes_true(ground.connection(), index_is_being_built));
  const std::string whose = "waits for pid " + std::to_string(old.pid());
  for (int i = 0; i < 600 && program->output().find(whose) == std::string::npos; ++i) {
    REQUIRE_FALSE(program->ends_within(milliseconds(100)));
  }
  old.execute("COMMIT");
  const auto end = program->wait(limit);
  INFO(end.output);
  CHECK(end.exit_code == 0);
  CHECK(end.output.find(whose) != std::string::npos);
  CHECK(end.output.find("idle in transaction") != std::string::npos);
  CHECK(end.output.find("count(*)") == std::string::npos);
}

TEST_CASE("an index that was left half built is built when the program runs again") {
  Ground ground(outside_history());
  ground.make_ready(Direction::up);
  Connection old(ground.conninfo());
  old.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM witness.applied");
  auto program = ground.start(Direction::up);
  REQUIRE(becomes_true(ground.connection(), index_is_being_built));
  program->signal(SIGKILL);
  CHECK(program->wait(limit).exit_code == 128 + SIGKILL);
  SECTION("after the server ended the work too") {
    CHECK(ground.terminate_backends());
    REQUIRE(becomes_true(ground.connection(), "SELECT NOT (" + index_is_being_built.substr(7) + ")"));
    CHECK(ground.connection().value("SELECT count(*) FROM pg_index WHERE NOT indisvalid") == "1");
  }
  SECTION("while the server is still at work") {}
  auto again = ground.start(Direction::up);
  std::this_thread::sleep_for(milliseconds(300));
  old.execute("COMMIT");
  const auto end = again->wait(limit);
  INFO(end.output);
  CHECK(end.exit_code == 0);
  INFO(ground.compare(Direction::up, ground.sight()));
  CHECK(ground.compare(Direction::up, ground.sight()).empty());
}
