// Servers that refuse: a standby, a full disk, limits of time, missing rights. What is told, and what is left.
#include "integration/db_support.hpp"
#include "integration/program.hpp"

#include <filesystem>
#include <fstream>

#include <pwd.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

using namespace migrate;
using namespace migrate::test;
namespace fs = std::filesystem;

namespace {

// Whether it comes true within a minute.
bool becomes_true(const std::string& conninfo, const std::string& question) {
  for (int i = 0; i < 1200; ++i) {
    try {
      if (Connection(conninfo).value(question) == "t") return true;
    } catch (const std::runtime_error&) {
      // Not there yet: a relation, or the server itself.
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  return false;
}

std::string url_of(const TestDatabase& database, const std::string& user) {
  std::string url = database.url();
  const auto at = url.find("postgres@");
  return url.replace(at, std::string_view("postgres").size(), user);
}

// A role that can log in, gone with what it owns.
class Role {
 public:
  Role(TestDatabase& database, std::string_view prefix)
      : database_(database), name_(fmt::format("{}_{}", prefix, database.name())) {
    database_.execute(fmt::format("CREATE ROLE {} LOGIN", name_));
  }
  ~Role() {
    try {
      database_.execute(fmt::format("DROP OWNED BY {0} CASCADE; DROP ROLE {0}", name_));
    } catch (const std::exception& trouble) {
      fmt::print(stderr, "cannot drop {}: {}\n", name_, trouble.what());
    }
  }
  Role(const Role&) = delete;
  Role& operator=(const Role&) = delete;
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string url() const { return url_of(database_, name_); }

 private:
  TestDatabase& database_;
  std::string name_;
};

// A file system of its own in memory, as a tablespace. Without the right to mount there is none.
class SmallDisk {
 public:
  explicit SmallDisk(TestDatabase& database, std::size_t megabytes) : name_("small_" + database.name()) {
    const auto options = fmt::format("size={}m", megabytes);
    mounted_ = ::geteuid() == 0 && ::mount("tmpfs", folder_.path().c_str(), "tmpfs", 0, options.c_str()) == 0;
    if (!mounted_) return;
    struct stat owner {};
    if (::stat(TestServer::instance().data_directory().c_str(), &owner) != 0) throw std::runtime_error("stat");
    fs::create_directory(folder_ / "space");
    for (const auto& path : {folder_.path(), folder_ / "space"}) {
      if (::chown(path.c_str(), owner.st_uid, owner.st_gid) != 0) throw std::runtime_error("chown");
    }
    Connection(TestServer::instance().conninfo())
        .execute(fmt::format("CREATE TABLESPACE {} LOCATION '{}'", name_, (folder_ / "space").string()));
  }
  ~SmallDisk() {
    if (!mounted_) return;
    try {
      Connection(TestServer::instance().conninfo()).execute("DROP TABLESPACE IF EXISTS " + name_);
    } catch (const std::exception& trouble) {
      fmt::print(stderr, "cannot drop {}: {}\n", name_, trouble.what());
    }
    ::umount2(folder_.path().c_str(), MNT_DETACH);
  }
  SmallDisk(const SmallDisk&) = delete;
  SmallDisk& operator=(const SmallDisk&) = delete;

  [[nodiscard]] bool mounted() const { return mounted_; }
  [[nodiscard]] const std::string& name() const { return name_; }
  // Until only so much is left.
  void fill(std::size_t left_kilobytes) {
    const std::size_t free = fs::space(folder_.path()).available / 1024;
    std::ofstream ballast(folder_ / "ballast", std::ios::binary);
    const std::string block(1024, 'x');
    for (std::size_t i = left_kilobytes; i < free; ++i) ballast << block;
  }
  void make_room() { fs::remove(folder_ / "ballast"); }

 private:
  TemporaryFolder folder_{server_folder()};
  std::string name_;
  bool mounted_ = false;
};

bool without_disk(const SmallDisk& disk) {
  if (disk.mounted()) return false;
  WARN("SKIPPED: no right to mount a small disk (run as root)");
  return true;
}

}  // namespace

TEST_CASE("a standby is refused before anything is tried, and the primary is named as the way") {
  PrivateServer primary;
  PrivateServer standby({{"primary_conninfo", primary.conninfo()}});
  standby.stop();
  const fs::path data = fs::path(".migrate") / "data";
  fs::remove_all(standby.folder() / data);
  primary.stop();
  ChildProgram copy({"/bin/cp", "-a", (primary.folder() / data).string(), (standby.folder() / data).string()},
                    {{"PATH", "/usr/bin:/bin"}}, standby.folder());
  REQUIRE(copy.wait(std::chrono::minutes(1)).exit_code == 0);
  primary.start();
  // Owned by the server's user, as the file beside it.
  ChildProgram sign({"/bin/cp", "-a", (standby.folder() / data / "PG_VERSION").string(),
                     (standby.folder() / data / "standby.signal").string()},
                    {{"PATH", "/usr/bin:/bin"}}, standby.folder());
  REQUIRE(sign.wait(std::chrono::minutes(1)).exit_code == 0);
  standby.start();

  Project on_primary(primary.url());
  on_primary.add("a1", "CREATE TABLE t1 (id bigint);");
  REQUIRE(on_primary.run({"upgrade", "head", "--no-lint"}).exit_code == 0);
  REQUIRE(becomes_true(standby.conninfo(), "SELECT count(*) = 1 FROM migrate_revision"));

  Project project(standby.url());
  project.add("a1", "CREATE TABLE t1 (id bigint);");
  CHECK(holds(project.run({"upgrade", "head"}), "nothing to do"));
  CHECK(project.run({"status"}).exit_code == 0);
  project.add("a2", "CREATE TABLE t2 (id bigint);");
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"upgrade", "head", "--no-lint"}, {"downgrade", "base"}, {"stamp", "a2"}}) {
    const auto end = with_exit_code(3, project.run(words));
    CHECK(holds(end, "error[read-only-database]"));
    CHECK(holds(end, "is a standby"));
    CHECK(holds(end, "= state: nothing was changed"));
    CHECK(holds(end, "help: connect to the primary"));
  }
}

TEST_CASE("a full disk in a revision rolls it back, and with room the same command goes through") {
  TestDatabase database;
  SmallDisk disk(database, 24);
  if (without_disk(disk)) return;
  Project project(database.url());
  project.add("a1", "CREATE TABLE t1 (id bigint);");
  project.add("a2", fmt::format("CREATE TABLE big (filler text) TABLESPACE {};\n"
                                "ALTER TABLE big ALTER filler SET STORAGE plain;\n"
                                "INSERT INTO big SELECT repeat('x', 1000) FROM generate_series(1, 8000);",
                                disk.name()));
  disk.fill(2000);
  const auto end = with_exit_code(4, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(holds(end, "error[disk-full]"));
  CHECK(holds(end, "SQLSTATE 53100"));
  CHECK(holds(end, "= state: a2 rolled back"));
  CHECK(holds(end, "help: make room on the server's disk, then run `migrate upgrade` again"));
  CHECK(journal_rows(database) == Lines{"a1 applied 1/1"});
  CHECK(database.value("SELECT to_regclass('big') IS NULL") == "t");

  disk.make_room();
  with_exit_code(0, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(database.value("SELECT count(*) FROM big") == "8000");
  database.execute("DROP TABLE big");
}

TEST_CASE("a full disk while an index is built concurrently leaves it invalid, and with room it is built anew") {
  TestDatabase database;
  SmallDisk disk(database, 24);
  if (without_disk(disk)) return;
  database.execute(
      "CREATE TABLE big AS SELECT i AS id, repeat(md5(i::text), 4) AS word FROM generate_series(1, 40000) i");
  Project project(database.url());
  project.add("a1", fmt::format("CREATE INDEX CONCURRENTLY big_word ON big (word) TABLESPACE {};", disk.name()));
  disk.fill(2000);
  const auto end = with_exit_code(5, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(holds(end, "error[disk-full]"));
  CHECK(holds(end, "= found: invalid index public.big_word"));
  CHECK(journal_rows(database) == Lines{"a1 applying 0/1"});

  disk.make_room();
  with_exit_code(0, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(journal_rows(database) == Lines{"a1 applied 1/1"});
  CHECK(database.value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'big_word'::regclass") == "t");
  database.execute("DROP TABLE big");
}

TEST_CASE("a statement_timeout of the database ends a statement, and the way to give it more time is told") {
  TestDatabase database;
  database.execute(fmt::format("ALTER DATABASE {} SET statement_timeout = '700ms'", database.name()));
  Project project(database.url());
  project.add("a1", "SELECT pg_sleep(3);");
  const auto end = with_exit_code(4, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(holds(end, "SQLSTATE 57014"));
  CHECK(holds(end, "--statement-timeout"));
  CHECK(holds(end, "= state: a1 rolled back"));
  CHECK(project.run({"upgrade", "head", "--no-lint", "--statement-timeout", "1min"}).exit_code == 0);
}

TEST_CASE("an index that is built concurrently is not subject to the time limits of the database") {
  TestDatabase database;
  database.execute(
      "CREATE TABLE big AS SELECT i AS id FROM generate_series(1, 1500) i;"
      "CREATE FUNCTION slow(i integer) RETURNS integer LANGUAGE plpgsql IMMUTABLE AS "
      "$$ BEGIN PERFORM pg_catalog.pg_sleep(0.001); RETURN i; END $$");
  database.execute(fmt::format("ALTER DATABASE {} SET statement_timeout = '700ms'", database.name()));
  if (TestServer::instance().major() >= 17) {
    database.execute(fmt::format("ALTER DATABASE {} SET transaction_timeout = '700ms'", database.name()));
  }
  Project project(database.url());
  project.add("a1", "CREATE INDEX CONCURRENTLY big_slow ON big (slow(id));");
  with_exit_code(0, project.run({"upgrade", "head", "--no-lint"}));
}

TEST_CASE("a transaction_timeout of the database ends a revision whole") {
  if (TestServer::instance().major() < 17) {
    WARN("SKIPPED: the server has no transaction_timeout (since 17)");
    return;
  }
  TestDatabase database;
  database.execute(fmt::format("ALTER DATABASE {} SET transaction_timeout = '700ms'", database.name()));
  Project project(database.url());
  project.add("a1", "CREATE TABLE t1 (id bigint);\nSELECT pg_sleep(3);");
  const auto end = with_exit_code(4, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(holds(end, "SQLSTATE 25P04"));
  CHECK(holds(end, "help: raise `transaction_timeout` for this user or database"));
  CHECK(database.value("SELECT to_regclass('t1') IS NULL") == "t");
}

TEST_CASE("a session that waits is not thrown out for being idle") {
  TestDatabase database;
  database.execute("CREATE TABLE t1 (id bigint)");
  database.execute(
      fmt::format("ALTER DATABASE {0} SET idle_session_timeout = '250ms';"
                  "ALTER DATABASE {0} SET idle_in_transaction_session_timeout = '250ms'",
                  database.name()));
  Project project(database.url(), "[locks]\nlock_timeout = \"100ms\"\nretry_for = \"1min\"\n");
  SECTION("between two tries for a lock") {
    project.add("a1", "ALTER TABLE t1 ADD COLUMN n integer;");
    Connection blocker(database.conninfo());
    blocker.execute("SET idle_in_transaction_session_timeout = 0; SET idle_session_timeout = 0");
    blocker.execute("BEGIN; LOCK TABLE t1");
    auto program = project.start({"upgrade", "head", "--no-lint"});
    // By then it has paused for longer than the time-out.
    while (program->output().find("(try 5)") == std::string::npos) {
      REQUIRE_FALSE(program->ends_within(std::chrono::milliseconds(50)));
    }
    blocker.execute("COMMIT");
    with_exit_code(0, program->wait(std::chrono::minutes(2)));
  }
  SECTION("for another run") {
    project.add("a1", "SELECT 1;");
    db::Session other = connect(database.conninfo());
    auto lock = must(db::MigrationLock::acquire(other, "public", std::chrono::seconds(1)));
    auto program = project.start({"upgrade", "head", "--no-lint"});
    CHECK_FALSE(program->ends_within(std::chrono::milliseconds(2500)));
    lock.release();
    with_exit_code(0, program->wait(std::chrono::minutes(2)));
  }
  SECTION("after a revision has run") {
    db::Session session = connect(database.conninfo());
    const auto journal = journal_of();
    must(journal.ensure(session));
    REQUIRE(run(session, journal, make_run("a1", "SELECT 1")));
    std::this_thread::sleep_for(std::chrono::milliseconds(700));
    CHECK(run(session, journal, make_run("a2", "SELECT 1")));
  }
}

TEST_CASE("without the right to create in the schema the missing grant is told") {
  TestDatabase database;
  database.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC");
  const Role role(database, "app");
  Project project(role.url());
  project.add("a1", "CREATE TABLE t1 (id bigint);");
  const auto end = with_exit_code(3, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(holds(end, "error[journal-no-permission]"));
  CHECK(holds(end, fmt::format("GRANT USAGE, CREATE ON SCHEMA \"public\" TO \"{}\"", role.name())));
  CHECK(holds(end, "= state: nothing was changed"));
}

TEST_CASE("a table of another owner is refused, and the revision rolled back") {
  TestDatabase database;
  database.execute("CREATE TABLE theirs (id bigint); GRANT CREATE ON SCHEMA public TO PUBLIC");
  const Role role(database, "app");
  Project project(role.url());
  project.add("a1", "CREATE TABLE t1 (id bigint);\nALTER TABLE theirs ADD COLUMN n integer;");
  const auto end = with_exit_code(4, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(holds(end, "error[insufficient-privilege]: must be owner of table theirs"));
  CHECK(holds(end, "migrations/a1_revision.sql:8:"));
  CHECK(holds(end, "= state: a1 rolled back"));
  CHECK(holds(end, "run as the owner (`role` in [session] of migrate.toml)"));
  CHECK(database.value("SELECT to_regclass('t1') IS NULL") == "t");
}

TEST_CASE("a journal of another owner is told by its grants") {
  TestDatabase database;
  database.execute("GRANT CREATE ON SCHEMA public TO PUBLIC");
  Project owners(database.url());
  owners.add("a1", "CREATE TABLE t1 (id bigint);");
  REQUIRE(owners.run({"upgrade", "head", "--no-lint"}).exit_code == 0);

  const Role role(database, "app");
  Project project(role.url());
  project.add("a1", "CREATE TABLE t1 (id bigint);");
  project.add("a2", "CREATE TABLE t2 (id bigint);");
  SECTION("that may not be read") {
    const auto end = with_exit_code(3, project.run({"upgrade", "head", "--no-lint"}));
    CHECK(holds(end, "error[journal-no-permission]"));
    CHECK(holds(end, "GRANT SELECT, INSERT, UPDATE, DELETE ON \"public\".migrate_revision"));
  }
  SECTION("that may be read and not written") {
    database.execute(fmt::format("GRANT SELECT ON migrate_revision, migrate_log TO {}", role.name()));
    const auto end = with_exit_code(4, project.run({"upgrade", "head", "--no-lint"}));
    CHECK(holds(end, "error[insufficient-privilege]: permission denied for table migrate_revision"));
    CHECK(holds(end, "the statements had run; the journal could not be written"));
    CHECK(holds(end, "= state: a2 rolled back"));
    CHECK(database.value("SELECT to_regclass('t2') IS NULL") == "t");
  }
}
