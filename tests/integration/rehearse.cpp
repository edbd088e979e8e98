// `migrate rehearse`, the program, on real servers.
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <unistd.h>

#include <fmt/format.h>

#include "integration/program.hpp"
#include "support/catch.hpp"
#include "support/child_program.hpp"
#include "support/test_server.hpp"

namespace migrate::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr const char* first_revision = R"(-- shop
--
-- Revision ID: aaaaaaaa0001
-- Revises:
-- Create Date: 2026-01-14T10:00:00Z

-- migrate:upgrade
CREATE TABLE account (id bigint PRIMARY KEY, email text);
CREATE TABLE audit (at timestamptz);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO audit VALUES (now()); RETURN NULL; END $$;
CREATE TRIGGER noted AFTER INSERT ON account FOR EACH STATEMENT EXECUTE FUNCTION note();

-- migrate:downgrade irreversible
-- where it begins
)";

std::string second_revision(const std::string& upgrade, const std::string& downgrade) {
  return fmt::format(
      "-- next\n--\n-- Revision ID: aaaaaaaa0002\n-- Revises: aaaaaaaa0001\n-- Create Date: 2026-01-15T10:00:00Z\n\n"
      "-- migrate:upgrade\n{}\n\n-- migrate:downgrade\n{}\n",
      upgrade, downgrade);
}

// A project whose first revision is applied.
class Ground {
 public:
  Ground() {
    folder.write("migrations/1.sql", first_revision);
    const auto end = run({"upgrade", "--no-lint"});
    if (end.exit_code != 0) throw std::runtime_error(end.output);
  }

  ChildProgram start(std::vector<std::string> words, const std::string& url = {}) {
    words.insert(words.begin(), MIGRATE_PROGRAM);
    const char* path = std::getenv("PATH");
    std::vector<std::pair<std::string, std::string>> environment{{"DATABASE_URL", url.empty() ? database.url() : url},
                                                                 {"HOME", folder.path().string()},
                                                                 {"TMPDIR", temporary.path().string()},
                                                                 {"PATH", path ? path : "/usr/bin:/bin"}};
    for (const char* name : {"MIGRATE_PG_BIN", "MIGRATE_TEST_PG_BIN"}) {
      if (const char* value = std::getenv(name)) environment.emplace_back("MIGRATE_PG_BIN", value);
    }
    return {std::move(words), environment, folder.path()};
  }

  ChildEnd run(std::vector<std::string> words, const std::string& url = {}) {
    return start(std::move(words), url).wait(180s);
  }

  // Everything that a rehearsal could change.
  std::string state() {
    std::string text;
    for (const std::string& query : std::vector<std::string>{
             "SELECT c.oid, c.relname, c.relfilenode, c.relnatts, c.xmin FROM pg_class c WHERE c.relnamespace = "
             "'public'::regnamespace ORDER BY 1",
             "SELECT * FROM migrate_revision ORDER BY 1", "SELECT * FROM migrate_log ORDER BY 1", copies_query()}) {
      for (const auto& row : database.rows(query)) {
        for (const auto& value : row) text += value.value_or("(null)") + "|";
        text += "\n";
      }
    }
    return text;
  }

  // Beside the original; other tests have theirs.
  [[nodiscard]] std::string copies_query() const {
    return fmt::format("SELECT datname FROM pg_database WHERE starts_with(datname, 'migrate_rehearsal_{}_')",
                       database.name());
  }

  TestDatabase database;
  TemporaryFolder folder, temporary{"/tmp"};
};

template <class Condition>
bool comes_true(Condition condition) {
  const auto give_up = std::chrono::steady_clock::now() + 120s;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > give_up) return false;
    std::this_thread::sleep_for(50ms);
  }
  return true;
}

TEST_CASE("a rehearsal tells what the server did, and leaves the database as it was") {
  Ground ground;
  ground.folder.write("migrations/2.sql",
                      second_revision("INSERT INTO account VALUES (1, 'a');\n"
                                      "DO $$ BEGIN EXECUTE 'LOCK TABLE audit IN EXCLUSIVE MODE'; END $$;\n"
                                      "ALTER TABLE account ADD COLUMN age int;",
                                      "ALTER TABLE account DROP COLUMN age;\nDELETE FROM account;"));
  const auto before = ground.state();
  for (const char* place : {"embedded", "server"}) {
    const auto end = ground.run({"rehearse", "--copy", place});
    if (lacks_programs(end)) return;
    INFO(end.output);
    CHECK(end.exit_code == 0);
    CHECK(holds(end, "EXCLUSIVE               public.audit"));
    CHECK(holds(end, "differs from the plan: public.audit: no lock foretold, ROW EXCLUSIVE taken"));
    CHECK(holds(end, "down: the schema is as before; up again: ok"));
    CHECK(ground.state() == before);
  }
}

TEST_CASE("on the embedded copy a revision has the rights of its user, and no more") {
  Ground ground;
  const std::string role = ground.database.name() + "_app";
  ground.database.execute(
      fmt::format("CREATE ROLE {0} LOGIN; GRANT {1} ON DATABASE {2} TO {0};"
                  "GRANT USAGE, CREATE ON SCHEMA public TO {0};"
                  "GRANT ALL ON migrate_revision, migrate_log, audit TO {0}; GRANT SELECT ON account TO {0}",
                  role, "CREATE", ground.database.name()));
  ground.folder.write("migrations/2.sql",
                      second_revision("CREATE TABLE mine (id int);\nGRANT SELECT ON mine TO pg_monitor;\n"
                                      "ALTER TABLE account ADD COLUMN age int;",
                                      "DROP TABLE mine;"));
  std::string url = ground.database.url();
  const std::string user = "postgres";
  url.replace(url.find(user + "@"), user.size(), role);
  const auto end = ground.run({"rehearse", "--copy", "embedded"}, url);
  const auto beside = ground.run({"rehearse", "--copy", "server"}, url);
  ground.database.execute(fmt::format("DROP OWNED BY {0}; DROP ROLE {0}", role));
  if (lacks_programs(end)) return;
  INFO(end.output);
  CHECK(end.exit_code == 1);
  CHECK(holds(end, "error[insufficient-privilege]: must be owner of table account"));
  INFO(beside.output);
  CHECK(beside.exit_code == 3);
  CHECK(holds(beside, "error[copy-failed]: the copy's database could not be made"));
}

TEST_CASE("a rehearsal that is interrupted or killed leaves no copy behind") {
  Ground ground;
  ground.folder.write("migrations/2.sql", second_revision("SELECT pg_sleep(600);", "SELECT 1;"));
  for (const int signal : {SIGINT, SIGKILL}) {
    for (const std::string place : {"embedded", "server"}) {
      const auto copies = [&] {
        const bool any = std::distance(fs::directory_iterator(ground.temporary.path()), {}) > 0;
        return place == "server" ? !ground.database.rows(ground.copies_query()).empty() : any;
      };
      auto program = ground.start({"rehearse", "--copy", place});
      const bool made = comes_true([&] { return copies() || program.ends_within(0ms); });
      CHECK(made);
      // In the middle of what it does, wherever that is.
      std::this_thread::sleep_for(300ms);
      program.signal(signal);
      const auto end = program.wait(180s);
      if (lacks_programs(end)) return;
      INFO(place << ": " << end.output);
      CHECK(end.exit_code == (signal == SIGINT ? 130 : 128 + SIGKILL));
      CHECK(comes_true([&] { return !copies(); }));
    }
  }
}

TEST_CASE("materialized views are populated in the copy where they are in the original") {
  Ground ground;
  ground.database.execute(
      "CREATE MATERIALIZED VIEW z_base AS SELECT 1 / (SELECT count(*) FROM account) AS part WITH NO DATA;"
      "CREATE MATERIALIZED VIEW y_ids AS SELECT id FROM account; CREATE VIEW x_ids AS SELECT * FROM y_ids;"
      "CREATE MATERIALIZED VIEW a_ids AS SELECT * FROM x_ids; CREATE UNIQUE INDEX ON a_ids (id);"
      "CREATE MATERIALIZED VIEW never AS SELECT 1 AS one WITH NO DATA");
  ground.folder.write("migrations/2.sql",
                      second_revision("REFRESH MATERIALIZED VIEW CONCURRENTLY a_ids;", "SELECT 1;"));
  for (const char* place : {"embedded", "server"}) {
    const auto end = ground.run({"rehearse", "--copy", place});
    if (lacks_programs(end)) return;
    INFO(end.output);
    CHECK(end.exit_code == 0);
    CHECK_FALSE(holds(end, "copy-unpopulated"));
  }
  ground.database.execute("INSERT INTO account VALUES (1); REFRESH MATERIALIZED VIEW z_base");
  const auto end = ground.run({"rehearse", "--copy", "server"});
  INFO(end.output);
  CHECK(end.exit_code == 0);
  CHECK(holds(end, "warning[copy-unpopulated]: materialized view public.z_base is not populated in the copy"));
  CHECK(holds(end, "postgres: division by zero"));
}

TEST_CASE("what belongs to the whole server is tried in a server of its own, and nowhere else") {
  Ground ground;
  const std::string role = ground.database.name() + "_reporting";
  ground.folder.write(
      "migrations/2.sql",
      second_revision(fmt::format("CREATE ROLE {0};\nGRANT SELECT ON account TO {0};\nALTER DATABASE {1} SET "
                                  "default_transaction_read_only = off;",
                                  role, ground.database.name()),
                      fmt::format("ALTER DATABASE {1} RESET ALL;\nREVOKE SELECT ON account FROM {0};\nDROP ROLE {0};",
                                  role, ground.database.name())));
  const auto roles = [&] {
    return ground.database.rows(fmt::format("SELECT FROM pg_roles WHERE rolname = '{}'", role)).size();
  };
  const auto before = ground.state();
  const auto beside = ground.run({"rehearse", "--copy", "server"});
  INFO(beside.output);
  CHECK(beside.exit_code == 2);
  CHECK(holds(beside, "error[server-wide-statement]: `CREATE ROLE " + role + "` would not stay in the copy"));
  CHECK(holds(beside, "migrations/2.sql:8:1"));
  CHECK(ground.state() == before);
  CHECK(roles() == 0);

  const auto own = ground.run({"rehearse"});
  if (lacks_programs(own)) return;
  INFO(own.output);
  CHECK(own.exit_code == 0);
  CHECK(holds(own, "down: the schema is as before; up again: ok"));
  CHECK(ground.state() == before);
  CHECK(roles() == 0);
  const auto upgrade = ground.run({"upgrade", "--no-lint"});
  INFO(upgrade.output);
  CHECK(upgrade.exit_code == 0);
  CHECK(roles() == 1);
  ground.database.execute(fmt::format("DROP OWNED BY {0}; DROP ROLE {0}", role));
}

TEST_CASE("beside the original, what cannot be read before it runs is warned of") {
  Ground ground;
  ground.folder.write("migrations/2.sql", second_revision("DO $$ BEGIN EXECUTE 'SELECT 1'; END $$;", "SELECT 1;"));
  const auto beside = ground.run({"rehearse", "--copy", "server"});
  if (lacks_programs(beside)) return;
  INFO(beside.output);
  CHECK(beside.exit_code == 0);
  CHECK(holds(beside, "warning[server-wide-unseen]: the copy is beside the original, and a statement may reach out"));
  CHECK(holds(beside, "migrations/2.sql:8:1"));
  CHECK_FALSE(holds(ground.run({"rehearse", "--copy", "embedded"}), "server-wide-unseen"));
}

TEST_CASE("a downgrade that would drop another database does so nowhere") {
  Ground ground;
  TestDatabase other;
  ground.folder.write("migrations/2.sql", second_revision("SELECT 1;", fmt::format("DROP DATABASE {};", other.name())));
  const auto beside = ground.run({"rehearse", "--copy", "server"});
  INFO(beside.output);
  CHECK(beside.exit_code == 2);
  CHECK(holds(beside, "error[server-wide-statement]: `DROP DATABASE"));
  ground.run({"rehearse"});
  CHECK(other.value("SELECT 1") == "1");
}

}  // namespace
}  // namespace migrate::test
