// Behind PgBouncer, in each of its modes.
#include "integration/db_support.hpp"
#include "integration/program.hpp"

#include <atomic>

#include "support/pooler.hpp"
#include "support/proxy.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

bool without_pgbouncer() {
  if (find_pgbouncer()) return false;
  WARN("SKIPPED: there is no pgbouncer (Debian: apt-get install pgbouncer)");
  return true;
}

// Other clients that use the pool all the time.
class Traffic {
 public:
  Traffic(const std::string& conninfo, int clients) {
    for (int i = 0; i < clients; ++i) {
      threads_.emplace_back([this, conninfo] {
        Connection connection(conninfo);
        while (!done_) connection.execute("BEGIN; SELECT pg_sleep(0.001); COMMIT");
      });
    }
  }
  ~Traffic() {
    done_ = true;
    for (auto& thread : threads_) thread.join();
  }

 private:
  std::atomic<bool> done_ = false;
  std::vector<std::thread> threads_;
};

db::Pooling pooling_of(const std::string& conninfo) {
  db::Session session = connect(conninfo);
  return must(session.find_pooling());
}

void add_tables(Project& project, int count) {
  for (int i = 1; i <= count; ++i) {
    project.add(fmt::format("a{}", i),
                fmt::format("CREATE TABLE t{0} (id bigint PRIMARY KEY);\nINSERT INTO t{0} VALUES ({0});", i),
                fmt::format("DROP TABLE t{};", i));
  }
}

}  // namespace

TEST_CASE("a direct connection is known as one without a question") {
  TestDatabase database;
  db::Session session = connect(database.conninfo());
  CHECK(session.pooling() == db::Pooling::none);
  CHECK(must(session.find_pooling()) == db::Pooling::none);
}

TEST_CASE("the mode of a pooler is found out, however busy it is") {
  if (without_pgbouncer()) return;
  TestDatabase database;
  SECTION("session mode") {
    const Pooler pooler("session");
    CHECK(connect(pooler.conninfo(database.name())).pooling() == db::Pooling::unknown);
    for (int i = 0; i < 5; ++i) CHECK(pooling_of(pooler.conninfo(database.name())) == db::Pooling::session);
  }
  SECTION("session mode with one server process for all") {
    const Pooler pooler("session", "default_pool_size = 1");
    CHECK(pooling_of(pooler.conninfo(database.name())) == db::Pooling::session);
  }
  SECTION("transaction mode, nobody else there") {
    const Pooler pooler("transaction");
    for (int i = 0; i < 20; ++i) CHECK(pooling_of(pooler.conninfo(database.name())) == db::Pooling::transaction);
  }
  SECTION("transaction mode, processes handed out in turn") {
    for (const int size : {1, 2, 3, 5}) {
      const Pooler pooler(
          "transaction", fmt::format("server_round_robin = 1\ndefault_pool_size = {}\nmin_pool_size = {}", size, size));
      for (int i = 0; i < 5; ++i) CHECK(pooling_of(pooler.conninfo(database.name())) == db::Pooling::transaction);
    }
  }
  SECTION("transaction mode among other clients") {
    const Pooler pooler("transaction", "default_pool_size = 10");
    const Traffic traffic(pooler.conninfo(database.name()), 12);
    for (int i = 0; i < 20; ++i) CHECK(pooling_of(pooler.conninfo(database.name())) == db::Pooling::transaction);
  }
  SECTION("session mode among other clients") {
    const Pooler pooler("session");
    const Traffic traffic(pooler.conninfo(database.name()), 4);
    CHECK(pooling_of(pooler.conninfo(database.name())) == db::Pooling::session);
  }
  SECTION("statement mode") {
    const Pooler pooler("statement");
    CHECK(pooling_of(pooler.conninfo(database.name())) == db::Pooling::statement);
  }
}

TEST_CASE("behind a pooler in session mode everything works") {
  if (without_pgbouncer()) return;
  TestDatabase database;
  const Pooler pooler("session");
  Project project(pooler.url(database.name()));
  add_tables(project, 2);
  project.add("a3", "CREATE INDEX CONCURRENTLY t1_id ON t1 (id);", "DROP INDEX CONCURRENTLY t1_id;");
  with_exit_code(0, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(journal_rows(database) == Lines{"a1 applied 2/2", "a2 applied 2/2", "a3 applied 1/1"});
  with_exit_code(0, project.run({"downgrade", "base"}));
  CHECK(journal_rows(database).empty());
}

TEST_CASE("behind a pooler in transaction mode transactional revisions run, and leave nothing in its sessions") {
  if (without_pgbouncer()) return;
  TestDatabase database;
  const Pooler pooler("transaction", "default_pool_size = 3");
  Project project(pooler.url(database.name()));
  add_tables(project, 3);
  project.add("a4", "SET search_path = pg_catalog;\nSET lock_timeout = '7s';\nCREATE TABLE public.t4 (id bigint);",
              "DROP TABLE public.t4;");
  with_exit_code(0, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(journal_rows(database).size() == 4);
  CHECK(database.value("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM "
                       "pg_database WHERE datname = current_database())") == "0");
  Connection other(pooler.conninfo(database.name()));
  CHECK(other.value("SHOW search_path") == "\"$user\", public");
  CHECK(other.value("SHOW lock_timeout") == "0");

  CHECK(holds(project.run({"upgrade", "head"}), "nothing to do"));
  CHECK(project.run({"redo", "--no-lint"}).exit_code == 0);
  with_exit_code(0, project.run({"downgrade", "base"}));
  CHECK(journal_rows(database).empty());
  CHECK(log_lines(database).size() == 1 + 4 + 2 + 4);
}

TEST_CASE("behind a pooler in transaction mode a revision that fails is rolled back and told of") {
  if (without_pgbouncer()) return;
  TestDatabase database;
  const Pooler pooler("transaction");
  Project project(pooler.url(database.name()));
  add_tables(project, 1);
  project.add("a2", "CREATE TABLE t2 (id bigint);\nSELECT 1 / 0;");
  const auto end = with_exit_code(4, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(holds(end, "division by zero"));
  CHECK(journal_rows(database) == Lines{"a1 applied 2/2"});
  CHECK(log_lines(database).back() == "a2 up failed 22012");
  CHECK(database.value("SELECT to_regclass('t2') IS NULL") == "t");
}

TEST_CASE("behind a pooler in transaction mode all revisions run as one where it is asked for") {
  if (without_pgbouncer()) return;
  TestDatabase database;
  const Pooler pooler("transaction");
  Project project(pooler.url(database.name()));
  add_tables(project, 3);
  SECTION("a dry run leaves nothing") {
    with_exit_code(0, project.run({"upgrade", "head", "--dry-run"}));
    CHECK(database.value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == "0");
  }
  SECTION("in a single transaction") {
    with_exit_code(0, project.run({"upgrade", "head", "--single-transaction"}));
    CHECK(journal_rows(database).size() == 3);
    CHECK(database.value("SELECT count(DISTINCT xmin::text) FROM migrate_revision") == "1");
  }
  SECTION("stamped") {
    with_exit_code(0, project.run({"stamp", "a2"}));
    CHECK(journal_rows(database).size() == 2);
    CHECK(holds(project.run({"status"}), "a3"));
  }
}

TEST_CASE("behind a pooler in transaction mode what needs a session is refused before anything runs") {
  if (without_pgbouncer()) return;
  TestDatabase database;
  const Pooler pooler("transaction");
  Project project(pooler.url(database.name()));
  add_tables(project, 1);
  project.add("a2", "CREATE INDEX CONCURRENTLY t1_id ON t1 (id);");
  auto end = with_exit_code(2, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(holds(end, "error[session-needed]: revision a2 needs a session of its own"));
  CHECK(holds(end, "set MIGRATE_DIRECT_URL"));
  CHECK(database.value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == "0");

  SECTION("and runs past the pooler where that is known") {
    const Variables direct{{"MIGRATE_DIRECT_URL", database.url()}};
    with_exit_code(0, project.run({"upgrade", "head", "--no-lint"}, direct));
    CHECK(journal_rows(database) == Lines{"a1 applied 2/2", "a2 applied 1/1"});
    CHECK(holds(project.run({"status"}, direct), "nothing pending") ==
          holds(project.run({"status"}), "nothing pending"));
  }
  SECTION("a direct URL that was set further away than the database's is not used, and that is said") {
    project.write(".env", "MIGRATE_DIRECT_URL=" + database.url() + "\n");
    end = with_exit_code(2, project.run({"upgrade", "head", "--no-lint"}));
    CHECK(holds(end, ".env:1 is not used: DATABASE_URL goes before it"));
  }
  SECTION("and so is a backup") {
    end = with_exit_code(2, project.run({"upgrade", "a1", "--no-lint", "--backup=always"}));
    CHECK(holds(end, "error[session-needed]: a backup needs a session of its own"));
  }
}

TEST_CASE("behind a pooler in statement mode a migration is refused") {
  if (without_pgbouncer()) return;
  TestDatabase database;
  const Pooler pooler("statement");
  Project project(pooler.url(database.name()));
  add_tables(project, 1);
  const auto end = with_exit_code(2, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(holds(end, "error[pooler-without-transactions]"));
  CHECK(database.value("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace") == "0");
}

TEST_CASE("of many programs behind a pooler in transaction mode none does what another did") {
  if (without_pgbouncer()) return;
  TestDatabase database;
  const Pooler pooler("transaction", "default_pool_size = 4\nquery_wait_timeout = 60");
  Project project(pooler.url(database.name()));
  add_tables(project, 6);
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"upgrade", "head", "--no-lint"}, std::vector<std::string>{"downgrade", "base"}}) {
    std::vector<std::unique_ptr<ChildProgram>> programs;
    for (int i = 0; i < 6; ++i) programs.push_back(project.start(words));
    // One that comes past the pooler shares the same lock.
    programs.push_back(project.start(words, {{"MIGRATE_DIRECT_URL", database.url()}}));
    for (auto& program : programs) {
      with_exit_code(0, program->wait(std::chrono::minutes(2)));
    }
    const bool up = words.front() == "upgrade";
    CHECK(journal_rows(database).size() == (up ? 6U : 0U));
    CHECK(database.value(fmt::format("SELECT count(*) FROM migrate_log WHERE direction = '{}' AND outcome = 'done'",
                                     up ? "up" : "down")) == "6");
    CHECK(database.value("SELECT count(*) FROM migrate_log WHERE outcome = 'failed'") == "0");
  }
}

TEST_CASE("a program behind a pooler waits for one that holds the lock, and gives up in time") {
  if (without_pgbouncer()) return;
  TestDatabase database;
  const Pooler pooler("transaction");
  Project project(pooler.url(database.name()), "[locks]\nmigration_lock_timeout = \"300ms\"\n");
  add_tables(project, 1);
  db::Session holder = connect(database.conninfo());
  {
    const auto lock = must(db::MigrationLock::acquire(holder, "public", std::chrono::seconds(1)));
    const auto end = with_exit_code(3, project.run({"upgrade", "head", "--no-lint"}));
    CHECK(holds(end, "error[migration-lock-timeout]"));
    CHECK(holds(end, fmt::format("pid {}", holder.info().backend_pid)));
    CHECK(database.value("SELECT to_regclass('t1') IS NULL") == "t");
  }
  CHECK(project.run({"upgrade", "head", "--no-lint"}).exit_code == 0);
}

TEST_CASE("behind a pooler the role is that of each transaction, and no other client meets it") {
  if (without_pgbouncer()) return;
  TestDatabase database;
  const std::string role = "owner_" + database.name();
  database.execute(fmt::format("CREATE ROLE {0}; GRANT CREATE ON SCHEMA public TO {0}", role));
  const Pooler pooler("transaction", "default_pool_size = 2");
  {
    Project project(pooler.url(database.name()), fmt::format("[session]\nrole = \"{}\"\n", role));
    add_tables(project, 2);
    with_exit_code(0, project.run({"upgrade", "head", "--no-lint"}));
    CHECK(database.value("SELECT string_agg(DISTINCT tableowner, ' ') FROM pg_tables WHERE schemaname = 'public'") ==
          role);
    CHECK(Connection(pooler.conninfo(database.name())).value("SELECT current_user") == "postgres");
    CHECK(project.run({"status"}).exit_code == 0);
  }
  SECTION("of a pooler in session mode it is the session's") {
    const Pooler keeping("session");
    Project project(keeping.url(database.name()), fmt::format("[session]\nrole = \"{}\"\n", role));
    add_tables(project, 3);
    with_exit_code(0, project.run({"upgrade", "head", "--no-lint"}));
    CHECK(database.value("SELECT tableowner FROM pg_tables WHERE tablename = 't3'") == role);
  }
  database.execute(fmt::format("DROP OWNED BY {0}; DROP ROLE {0}", role));
}

TEST_CASE("behind a pooler a COMMIT whose answer is lost is settled by its transaction") {
  if (without_pgbouncer()) return;
  TestDatabase database;
  const Pooler pooler("transaction");
  Proxy proxy(pooler.socket());
  db::Session session = connect(proxy.conninfo(database.name()));
  REQUIRE(must(session.find_pooling()) == db::Pooling::transaction);
  const auto journal = journal_of();
  must(journal.ensure(session));
  auto revision = make_run("a1", "CREATE TABLE counted (n int)");
  revision.lock =
      db::TransactionLock{.timeout = std::chrono::seconds(5), .log_position = must(journal.read(session)).log_position};
  const auto lose_commit = [&proxy](Fate fate) {
    proxy.set_judge([fate, done = false](const Question& question) mutable -> Sentence {
      if (done || question.text.find("COMMIT;") == std::string_view::npos) return {};
      done = true;
      return {fate};
    });
  };
  SECTION("that took place") {
    lose_commit(Fate::drop_answer);
    CHECK(run(session, journal, revision));
    CHECK(journal_rows(database) == Lines{"a1 applied 1/1"});
  }
  SECTION("that did not") {
    lose_commit(Fate::drop_question);
    const auto lost = run(session, journal, revision);
    REQUIRE_FALSE(lost);
    CHECK(lost.error().aftermath == db::Aftermath::rolled_back);
    CHECK(journal_rows(database).empty());
    CHECK(database.value("SELECT to_regclass('counted') IS NULL") == "t");
  }
}

TEST_CASE("behind a pooler a revision is not run by what the journal was before") {
  if (without_pgbouncer()) return;
  TestDatabase database;
  const Pooler pooler("transaction");
  db::Session session = connect(pooler.conninfo(database.name()));
  REQUIRE(must(session.find_pooling()) == db::Pooling::transaction);
  const auto journal = journal_of();
  must(journal.ensure(session));
  auto revision = make_run("a1", "CREATE TABLE counted (n int)");
  revision.lock =
      db::TransactionLock{.timeout = std::chrono::seconds(5), .log_position = must(journal.read(session)).log_position};
  must(session.execute(journal.noted_sql("another was here")));
  const auto overtaken = run(session, journal, revision);
  REQUIRE_FALSE(overtaken);
  CHECK(overtaken.error().overtaken);
  CHECK(session.transaction_status() == db::TransactionStatus::idle);
  CHECK(database.value("SELECT to_regclass('counted') IS NULL") == "t");

  revision.lock->log_position = must(journal.read(session)).log_position;
  const auto report = run(session, journal, revision);
  REQUIRE(report);
  CHECK(report->log_position == must(journal.read(session)).log_position);
}

TEST_CASE("behind a pooler a rehearsal leaves nothing in the sessions of others") {
  if (without_pgbouncer()) return;
  TestDatabase database;
  const auto leaves_nothing = [&](const Pooler& pooler) {
    Connection other(pooler.conninfo(database.name()));
    CHECK(other.value("SHOW search_path") == "\"$user\", public");
    CHECK(other.value("SHOW lock_timeout") == "0");
    CHECK(other.value("SHOW default_transaction_read_only") == "off");
    other.execute("CREATE TABLE written (id int); DROP TABLE written");
  };
  SECTION("in transaction mode it is refused, unless a way past the pooler is known") {
    const Pooler pooler("transaction", "default_pool_size = 1");
    Project project(pooler.url(database.name()));
    add_tables(project, 1);
    const auto end = with_exit_code(2, project.run({"rehearse", "--copy", "server"}));
    CHECK(holds(end, "error[session-needed]: a rehearsal needs a session of its own"));
    leaves_nothing(pooler);
    const auto direct = project.run({"rehearse", "--copy", "server"}, {{"MIGRATE_DIRECT_URL", database.url()}});
    if (!lacks_programs(direct)) with_exit_code(0, direct);
    leaves_nothing(pooler);
  }
  SECTION("in session mode it works") {
    const Pooler pooler("session");
    Project project(pooler.url(database.name()));
    add_tables(project, 1);
    const auto end = project.run({"rehearse", "--copy", "server"});
    if (!lacks_programs(end)) with_exit_code(0, end);
    leaves_nothing(pooler);
  }
}
