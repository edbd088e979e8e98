// What is told of a statement that takes long, and that telling it holds nobody up.
#include "integration/db_support.hpp"

#include <algorithm>
#include <atomic>
#include <chrono>

using namespace migrate;
using namespace migrate::test;
using namespace std::chrono_literals;

namespace {

using Clock = std::chrono::steady_clock;

// A row to a block, and a millisecond or two to a row of an index on slow(id).
void make_slow_table(TestDatabase& database, int rows) {
  database.execute(fmt::format(
      "CREATE TABLE big (id integer, filler text); ALTER TABLE big ALTER filler SET STORAGE plain;"
      "INSERT INTO big SELECT i, repeat('x', 6000) FROM generate_series(1, {}) i;"
      "CREATE FUNCTION slow(i integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE SET search_path = pg_catalog AS "
      "$$ BEGIN PERFORM pg_sleep(0.001); RETURN i; END $$",
      rows));
}

struct Ground {
  explicit Ground(const std::string& conninfo) : session(connect(conninfo)) { must(journal.ensure(session)); }
  db::Session session;
  db::Journal journal = journal_of();
};

// Who is waited for gets out of the way.
void commit_when_told_of(Recorder& recorder, Connection& blocker) {
  recorder.on_progress = [&blocker](const db::Progress& told) {
    if (!told.waits_for.empty()) blocker.execute("COMMIT");
  };
}

// What another connection sees of the program's, until its end of life.
class Onlooker {
 public:
  explicit Onlooker(const TestDatabase& database, int worker) : connection_(database.conninfo()), worker_(worker) {
    thread_ = std::thread([this] { look(); });
  }
  ~Onlooker() {
    done_ = true;
    thread_.join();
  }
  std::atomic<int> idle = 0, holding = 0;

 private:
  void look() {
    const std::string question = fmt::format(
        "SELECT count(*) FILTER (WHERE state = 'idle' AND backend_xmin IS NULL AND backend_xid IS NULL), "
        "count(*) FILTER (WHERE state LIKE 'idle in transaction%' OR state = 'idle' AND backend_xmin IS NOT NULL) "
        "FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'migrate' AND pid <> {}",
        worker_);
    while (!done_) {
      const auto row = connection_.rows(question).front();
      if (row[0] != "0") ++idle;
      if (row[1] != "0") ++holding;
      std::this_thread::sleep_for(2ms);
    }
  }

  Connection connection_;
  int worker_;
  std::atomic<bool> done_ = false;
  std::thread thread_;
};

}  // namespace

TEST_CASE("how far the build of an index is, is told by phase and by bytes") {
  TestDatabase database;
  make_slow_table(database, 3000);
  Ground ground(database.conninfo());
  Recorder recorder;
  const auto revision = make_run("a1", "CREATE INDEX big_slow ON big (slow(id));");
  REQUIRE(db::run_revision(ground.session, ground.journal, revision, recorder));

  REQUIRE_FALSE(recorder.progress.empty());
  const auto scanning = std::find_if(recorder.progress.begin(), recorder.progress.end(), [](const auto& one) {
    return one.phase == "building index: scanning table" && one.done > 0;
  });
  REQUIRE(scanning != recorder.progress.end());
  CHECK(scanning->unit == "bytes");
  CHECK(scanning->total == 3000 * 8192);
  CHECK(scanning->waits_for.empty());
  const auto& last = recorder.progress.back();
  CHECK(last.elapsed >= 1s);
  if (recorder.progress.size() > 2) CHECK(last.per_second.has_value());
}

TEST_CASE("a copy of data that comes with the revision is told by its own size") {
  TestDatabase database;
  database.execute(
      "CREATE TABLE big (id integer);"
      "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.001); RETURN NEW; END $$;"
      "CREATE TRIGGER slow BEFORE INSERT ON big FOR EACH ROW EXECUTE FUNCTION slow()");
  std::string data;
  for (int i = 0; i < 2000; ++i) data += fmt::format("{}\n", i);
  Ground ground(database.conninfo());
  Recorder recorder;
  const auto revision = make_run("a1", "COPY big FROM stdin;\n" + data + "\\.\n");
  REQUIRE(db::run_revision(ground.session, ground.journal, revision, recorder));
  REQUIRE_FALSE(recorder.progress.empty());
  CHECK(recorder.progress.back().phase == "copying");
  CHECK(recorder.progress.back().total == static_cast<std::int64_t>(data.size()));
}

TEST_CASE("who asks how far a statement is holds no snapshot in between") {
  TestDatabase database;
  make_slow_table(database, 2500);
  Ground ground(database.conninfo());
  Recorder recorder;
  const auto revision = make_run("a1", "CREATE INDEX CONCURRENTLY big_slow ON big (slow(id));");
  Onlooker onlooker(database, ground.session.info().backend_pid);
  REQUIRE(db::run_revision(ground.session, ground.journal, revision, recorder));
  CHECK(onlooker.holding == 0);
  CHECK(onlooker.idle > 0);
  CHECK_FALSE(recorder.progress.empty());
  // Nobody but ourselves was there to wait for.
  for (const auto& told : recorder.progress) CHECK(told.waits_for.empty());
}

TEST_CASE("an index that waits for an old snapshot tells whose it is, and is built when that one ends") {
  TestDatabase database;
  database.execute("CREATE TABLE big (id integer)");
  Ground ground(database.conninfo());
  Connection old(database.conninfo() + " application_name=report");
  old.execute("BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 'a secret' FROM big");
  Recorder recorder;
  commit_when_told_of(recorder, old);
  const auto revision = make_run("a1", "CREATE INDEX CONCURRENTLY big_id ON big (id);");
  REQUIRE(db::run_revision(ground.session, ground.journal, revision, recorder));
  const auto waiting = std::find_if(recorder.progress.begin(), recorder.progress.end(),
                                    [](const auto& one) { return !one.waits_for.empty(); });
  REQUIRE(waiting != recorder.progress.end());
  CHECK(waiting->phase == "waiting for old snapshots");
  CHECK(waiting->unit == "sessions");
  CHECK(waiting->total == 1);
  REQUIRE(waiting->waits_for.size() == 1);
  CHECK(waiting->waits_for[0].pid == old.pid());
  CHECK(waiting->waits_for[0].application == "report");
  CHECK(waiting->waits_for[0].state == "idle in transaction");
  CHECK(waiting->waits_for[0].since.has_value());
  CHECK(describe(waiting->waits_for[0]).find("secret") == std::string::npos);
}

TEST_CASE("a partition that is detached concurrently tells whom it waits for") {
  TestDatabase database;
  database.execute(
      "CREATE TABLE events (at integer) PARTITION BY RANGE (at);"
      "CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (10);"
      "CREATE TABLE events_2 PARTITION OF events FOR VALUES FROM (10) TO (20)");
  Ground ground(database.conninfo());
  Connection old(database.conninfo());
  old.execute("BEGIN; SELECT * FROM events");
  Recorder recorder;
  commit_when_told_of(recorder, old);
  const auto revision = make_run("a1", "ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY;");
  REQUIRE(db::run_revision(ground.session, ground.journal, revision, recorder));
  const bool told = std::any_of(recorder.progress.begin(), recorder.progress.end(), [&](const auto& one) {
    return one.waits_for.size() == 1 && one.waits_for[0].pid == old.pid();
  });
  CHECK(told);
}

TEST_CASE("a statement goes on where there is no room for a second connection") {
  TestDatabase database;
  const std::string role = "only_one_" + database.name();
  database.execute(
      fmt::format("CREATE ROLE {} LOGIN CONNECTION LIMIT 1; GRANT ALL ON SCHEMA public TO {}", role, role));
  {
    Ground ground(database.conninfo() + " user=" + role);
    Recorder recorder;
    const auto revision = make_run("a1", "SELECT pg_sleep(2);");
    CHECK(db::run_revision(ground.session, ground.journal, revision, recorder));
    CHECK(recorder.progress.empty());
  }
  database.execute(fmt::format("DROP OWNED BY {}; DROP ROLE {}", role, role));
}

TEST_CASE("a statement goes on where its second connection is cut again and again") {
  TestDatabase database;
  make_slow_table(database, 2500);
  Ground ground(database.conninfo());
  Recorder recorder;
  int cuts = 0;
  recorder.on_progress = [&](const db::Progress&) {
    for (const auto& row : database.rows(fmt::format(
             "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
             "application_name = 'migrate' AND pid <> {}",
             ground.session.info().backend_pid))) {
      if (row[0] == "t") ++cuts;
    }
  };
  const auto revision = make_run("a1", "CREATE INDEX big_slow ON big (slow(id));");
  CHECK(db::run_revision(ground.session, ground.journal, revision, recorder));
  CHECK(cuts > 0);
}
