// `migrate restore`, the program, and what may come in between.
#include <csignal>
#include <filesystem>
#include <functional>
#include <thread>

#include "integration/program.hpp"

namespace migrate::test {
namespace {

using namespace std::chrono_literals;

// A revision is applied, a backup taken, and more is there behind it.
struct Ground {
  TestDatabase database;
  Project project{database.url(), "[locks]\nmigration_lock_timeout = \"1s\"\n"};
  std::string file;

  /// False: this server has no pg_dump.
  bool prepare(const std::string& before = {}) {
    if (!before.empty()) database.execute(before);
    project.add("a1", "CREATE TABLE t (id bigint PRIMARY KEY);\nINSERT INTO t VALUES (1);", "DROP TABLE t;");
    with_exit_code(0, project.run({"upgrade", "--no-lint"}));
    project.add("b1", "CREATE TABLE u (id bigint PRIMARY KEY);", "DROP TABLE u;");
    const auto end = project.run({"upgrade", "--no-lint", "--backup"});
    if (lacks_programs(end)) return false;
    REQUIRE(end.exit_code == 0);
    file = newest_backup();
    return true;
  }
  // Another backup, like the first one, of a project with this id.
  void back_up_as(const std::string& id) {
    database.execute("UPDATE migrate_log SET project = '" + id + "'");
    name_project(id);
    with_exit_code(0, project.run({"downgrade", "-1"}));
    with_exit_code(0, project.run({"upgrade", "--no-lint", "--backup"}));
    file = newest_backup();
  }
  void name_project(const std::string& id) {
    project.write("migrate.toml", "[migrations]\ndirectory = \"migrations\"\n[project]\nid = \"" + id + "\"\n");
  }
  std::string newest_backup() {
    return database.value(
        "SELECT substr(message, 9) FROM migrate_log WHERE message LIKE 'backup: %' ORDER BY id DESC LIMIT 1");
  }
  [[nodiscard]] std::string revisions() {
    return database.value("SELECT string_agg(revision, ' ' ORDER BY revision) FROM migrate_revision");
  }
  [[nodiscard]] bool holds_lock() {
    return database.value(
               "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND database = (SELECT oid "
               "FROM pg_database WHERE datname = current_database())") != "0";
  }
  void wait_until(const std::function<bool()>& condition) {
    for (int i = 0; i < 600 && !condition(); ++i) std::this_thread::sleep_for(100ms);
    REQUIRE(condition());
  }
};

// Somebody reads a table, so that nobody can drop it.
class Reader {
 public:
  explicit Reader(TestDatabase& database) : connection_(database.connect()) {
    connection_.execute("BEGIN; LOCK TABLE t IN ACCESS SHARE MODE");
  }
  void let_go() { connection_.execute("ROLLBACK"); }

 private:
  Connection connection_;
};

}  // namespace

TEST_CASE("a restore that is interrupted rolls back, and says so") {
  Ground ground;
  if (!ground.prepare()) return;
  for (const int signal : {SIGTERM, SIGINT}) {
    Reader reader(ground.database);
    auto restore = ground.project.start({"restore", ground.file});
    ground.wait_until([&] { return ground.holds_lock(); });
    restore->signal(signal);
    const auto end = with_exit_code(130, restore->wait(1min));
    CHECK(holds(end, "error[interrupted]: interrupted while a backup was restored\n   = state: rolled back: "));
    reader.let_go();
    CHECK(ground.revisions() == "a1 b1");
    CHECK_FALSE(ground.holds_lock());
  }
  with_exit_code(0, ground.project.run({"restore", ground.file}));
  CHECK(ground.revisions() == "a1");
  CHECK(ground.database.value("SELECT message FROM migrate_log ORDER BY id DESC LIMIT 1") ==
        "restored: " + ground.file);
}

TEST_CASE("a restore that is killed holds the migration lock until the server is done with it, all or nothing") {
  // More than there is room for between the programs, or less: then the server has been told everything.
  const bool large = GENERATE(true, false);
  Ground ground;
  if (!ground.prepare(large ? "CREATE TABLE many AS SELECT n, md5(n::text) FROM generate_series(1, 100000) n" : ""))
    return;
  Reader reader(ground.database);
  auto restore = ground.project.start({"restore", ground.file});
  ground.wait_until([&] { return ground.holds_lock(); });
  std::this_thread::sleep_for(300ms);
  restore->signal(SIGKILL);
  restore->wait(1min);
  CHECK(ground.holds_lock());
  const auto told = with_exit_code(0, ground.project.run({"lock", "status"}));
  CHECK(holds(told, "(postgres, migrate restore "));
  reader.let_go();
  ground.wait_until([&] { return !ground.holds_lock(); });
  CHECK(ground.revisions() == (large ? "a1 b1" : "a1"));
  CHECK(ground.database.value("SELECT count(*) FROM t") == "1");
  CHECK(ground.database.value("SELECT count(*) FROM migrate_log WHERE message LIKE 'restored: %'") ==
        (large ? "0" : "1"));
}

TEST_CASE("a restore whose server process is ended rolls back, and says so") {
  Ground ground;
  if (!ground.prepare()) return;
  Reader reader(ground.database);
  auto restore = ground.project.start({"restore", ground.file});
  ground.wait_until([&] { return ground.holds_lock(); });
  with_exit_code(0, ground.project.run({"lock", "break", "--yes"}));
  const auto end = with_exit_code(4, restore->wait(1min));
  CHECK(holds(end, "error[restore-failed]"));
  CHECK(holds(end, "state: rolled back: "));
  reader.let_go();
  CHECK(ground.revisions() == "a1 b1");
}

TEST_CASE("large objects are restored in the same transaction as all the rest") {
  Ground ground;
  const bool prepared = ground.prepare(
      "CREATE TABLE counted (words text); INSERT INTO counted VALUES ('COMMIT;'); SELECT lo_from_bytea(4711, 'abc');"
      "CREATE FUNCTION n() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'; CREATE MATERIALIZED VIEW m AS SELECT "
      "n();"
      // The view fails when it is made again.
      "CREATE OR REPLACE FUNCTION n() RETURNS int LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no''; END'");
  if (!prepared) return;
  const auto end = with_exit_code(4, ground.project.run({"restore", ground.file}));
  CHECK(holds(end, "error[restore-failed]"));
  CHECK(holds(end, "help: mend what psql complains of"));
  CHECK_FALSE(holds(end, "already a transaction"));
  CHECK(ground.revisions() == "a1 b1");

  ground.database.execute("DROP MATERIALIZED VIEW m; SELECT lo_unlink(4711); SELECT lo_from_bytea(4712, 'new')");
  with_exit_code(0, ground.project.run({"downgrade", "-1"}));
  ground.database.execute("SELECT lo_unlink(4712); SELECT lo_from_bytea(4711, 'abc')");
  with_exit_code(0, ground.project.run({"upgrade", "--no-lint", "--backup"}));
  ground.database.execute("SELECT lo_put(4711, 0, 'xyz'); TRUNCATE counted");
  with_exit_code(0, ground.project.run({"restore", ground.newest_backup()}));
  CHECK(ground.database.value("SELECT convert_from(lo_get(4711), 'UTF8') || words FROM counted") == "abcCOMMIT;");
  CHECK(ground.revisions() == "a1");
}

TEST_CASE("a backup with its journal in another schema is restored only where it is this project's") {
  Ground ground;
  if (!ground.prepare()) return;
  const auto settings = [&](const std::string& id) {
    ground.project.write("migrate.toml",
                         "[migrations]\ndirectory = \"migrations\"\n[journal]\nschema = \"mig\"\n"
                         "[project]\nid = \"" +
                             id + "\"\n");
  };
  ground.back_up_as("shop");
  ground.database.execute("CREATE SCHEMA mig");
  settings("other");
  const auto end = with_exit_code(2, ground.project.run({"restore", ground.file}));
  CHECK(holds(end, "error[wrong-project]: the backup belongs to project `shop`, not to `other`\n"));
  CHECK(ground.revisions() == "a1 b1");
  settings("shop");
  with_exit_code(0, ground.project.run({"restore", ground.file}));
  CHECK(ground.revisions() == "a1");
}

TEST_CASE("a damaged backup is found before anything of it stays") {
  Ground ground;
  if (!ground.prepare("CREATE TABLE many AS SELECT n, md5(n::text) FROM generate_series(1, 20000) n")) return;
  std::filesystem::resize_file(ground.file, std::filesystem::file_size(ground.file) * 2 / 3);
  const auto end = with_exit_code(4, ground.project.run({"restore", ground.file}));
  CHECK(holds(end, "error[restore-failed]"));
  CHECK(holds(end, "the file is damaged"));
  CHECK(ground.revisions() == "a1 b1");
  CHECK(ground.database.value("SELECT count(*) FROM many") == "20000");
}

TEST_CASE("neither the database of another project is restored, nor its backup") {
  Ground ground;
  if (!ground.prepare()) return;
  SECTION("the database") {
    ground.name_project("other");
    ground.database.execute("UPDATE migrate_log SET project = 'shop'");
    const auto end = with_exit_code(2, ground.project.run({"restore", ground.file}));
    CHECK(holds(end, "error[wrong-project]: database `"));
  }
  SECTION("the backup") {
    ground.back_up_as("shop");
    ground.name_project("other");
    ground.database.execute("UPDATE migrate_log SET project = 'other'");
    const auto end = with_exit_code(2, ground.project.run({"restore", ground.file}));
    CHECK(holds(end, "error[wrong-project]: the backup belongs to project `shop`, not to `other`\n"));
  }
  CHECK(ground.revisions() == "a1 b1");
  CHECK_FALSE(ground.holds_lock());
}

TEST_CASE("objects of no schema are those of the backup, and default privileges reach nothing that is made again") {
  TestDatabase roles;
  roles.execute("CREATE ROLE reader_7");
  {
    Ground ground;
    const bool prepared = ground.prepare(
        "CREATE TABLE secret (id bigint PRIMARY KEY); CREATE FUNCTION mine() RETURNS int LANGUAGE sql AS 'SELECT 1';"
        "CREATE TABLE told (id bigint PRIMARY KEY); CREATE PUBLICATION early FOR TABLE told;"
        "CREATE CAST (text AS integer) WITH INOUT; CREATE FOREIGN DATA WRAPPER files; CREATE SERVER one FOREIGN DATA "
        "WRAPPER files; ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;"
        "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader_7");
    if (prepared) {
      ground.database.execute(
          "CREATE PUBLICATION late FOR TABLE told; CREATE CAST (text AS bigint) WITH INOUT;"
          "ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO reader_7");
      with_exit_code(0, ground.project.run({"restore", ground.file}));
      const auto value = [&](const std::string& sql) { return ground.database.value("SELECT " + sql); };
      CHECK(value("has_table_privilege('reader_7', 'secret', 'select')") == "f");
      CHECK(value("has_function_privilege('reader_7', 'mine()', 'execute')") == "t");
      CHECK(value("string_agg(pubname || ' ' || tablename, ',') FROM pg_publication_tables") == "early told");
      CHECK(value("count(*) FROM pg_cast WHERE oid >= 16384") == "1");
      CHECK(value("srvname FROM pg_foreign_server") == "one");
      CHECK(value("string_agg(defaclobjtype::text, '' ORDER BY defaclobjtype) FROM pg_default_acl") == "fr");
      ground.database.execute("CREATE TABLE next (); CREATE FUNCTION its() RETURNS int LANGUAGE sql AS 'SELECT 1'");
      CHECK(value("has_table_privilege('reader_7', 'next', 'select')") == "t");
      CHECK(value("has_function_privilege('reader_7', 'its()', 'execute')") == "f");
    }
    ground.database.execute("DROP OWNED BY reader_7");
  }
  roles.execute("DROP ROLE reader_7");
}

}  // namespace migrate::test
