// Batches wait for replicas: a real standby whose replay is stopped for a while.
#include <cstdlib>
#include <fstream>

#include "integration/db_support.hpp"

using namespace migrate;
using namespace migrate::test;
using namespace std::chrono_literals;

namespace {

std::string data_of(const PrivateServer& server) { return Connection(server.conninfo()).value("SHOW data_directory"); }

// Makes `standby` one of `primary`: the same data, and it goes on by what that one writes.
void follow(PrivateServer& primary, PrivateServer& standby) {
  const std::string from = data_of(primary), to = data_of(standby);
  primary.stop();
  standby.stop();
  const std::string copy =
      fmt::format("cp -a '{}/.' '{}/' && cp -a '{}/PG_VERSION' '{}/standby.signal'", from, to, from, to);
  REQUIRE(std::system(copy.c_str()) == 0);
  primary.start();
  standby.start();
  Connection look(primary.conninfo());
  for (int i = 0; i < 600; ++i) {
    if (look.value("SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "1") return;
    std::this_thread::sleep_for(100ms);
  }
  FAIL("the standby does not stream");
}

constexpr std::string_view fill =
    "CREATE TABLE account (id int PRIMARY KEY, n int NOT NULL DEFAULT 0); INSERT INTO account SELECT "
    "generate_series(1, 40)";

}  // namespace

TEST_CASE("no batch begins while a replica is too far behind, and they go on when it has come after") {
  PrivateServer primary;
  PrivateServer standby({{"primary_conninfo", primary.conninfo() + " application_name=follower"}});
  follow(primary, standby);
  Connection own(primary.conninfo()), replica(standby.conninfo());
  own.execute(std::string(fill));
  replica.execute("SELECT pg_wal_replay_pause()");

  db::Session session = connect(primary.conninfo());
  const auto journal = journal_of();
  must(journal.ensure(session));
  const auto revision =
      make_run("a1", "-- migrate:batch rows=1 pause=100ms max_lag=500ms\nUPDATE account SET n = n + 1;\n");
  Recorder recorder;
  Lines waited, done_while_waiting;
  recorder.on_progress = [&](const db::Progress& progress) {
    if (!progress.phase.starts_with("waiting for replica follower, ")) return;
    waited.push_back(progress.phase);
    done_while_waiting.push_back(own.value("SELECT count(*) FROM account WHERE n = 1"));
    if (waited.size() == 3) replica.execute("SELECT pg_wal_replay_resume()");
  };
  const auto report = db::run_revision(session, journal, revision, recorder);
  if (!report) FAIL(told(report.error(), revision, session));
  REQUIRE(waited.size() >= 3);
  CHECK(done_while_waiting[0] == done_while_waiting[2]);
  CHECK(done_while_waiting[0] != "40");
  CHECK(own.value("SELECT count(*) FROM account WHERE n = 1") == "40");
}

TEST_CASE("a pause for a replica can be interrupted, and a user who may not see replicas is told") {
  PrivateServer primary;
  PrivateServer standby({{"primary_conninfo", primary.conninfo() + " application_name=follower"}});
  follow(primary, standby);
  Connection own(primary.conninfo()), replica(standby.conninfo());
  own.execute(std::string(fill));
  own.execute("CREATE ROLE deploy LOGIN; GRANT ALL ON SCHEMA public TO deploy; ALTER TABLE account OWNER TO deploy");
  replica.execute("SELECT pg_wal_replay_pause()");

  Interrupt interrupt;
  db::Session session = connect(primary.conninfo(), &interrupt);
  const auto journal = journal_of();
  must(journal.ensure(session));
  const auto revision =
      make_run("a1", "-- migrate:batch rows=1 pause=100ms max_lag=300ms\nUPDATE account SET n = n + 1;\n");
  Recorder recorder;
  recorder.on_progress = [&](const db::Progress& progress) {
    if (progress.phase.starts_with("waiting")) interrupt.raise();
  };
  const auto stopped = db::run_revision(session, journal, revision, recorder);
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().server_error.interrupted);
  CHECK(stopped.error().aftermath == db::Aftermath::left_behind);
  REQUIRE(stopped.error().batches);
  CHECK(own.value("SELECT count(*) FROM account WHERE n = 1") == std::to_string(stopped.error().batches->rows));

  own.execute("DELETE FROM migrate_revision; GRANT ALL ON migrate_revision, migrate_log TO deploy");
  db::Session deploy = connect(primary.conninfo() + " user=deploy");
  Recorder quiet;
  const auto refused = db::run_revision(deploy, journal, revision, quiet);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().server_error.message == "`deploy` may not see how far replicas are behind, as max_lag asks");
  CHECK(refused.error().aftermath == db::Aftermath::rolled_back);
}
