// Whole runs of the program: what they find, what they tell, what they leave.
#include "integration/db_support.hpp"
#include "integration/program.hpp"

#include "support/proxy.hpp"

using namespace migrate;
using namespace migrate::test;

TEST_CASE("a schema that goes before the journal's in the search path does not hide it") {
  TestDatabase database;
  Project project(database.url());
  project.add("a1", "CREATE TABLE counted (n int);\nINSERT INTO counted VALUES (1);");
  project.add("a2", "CREATE SCHEMA postgres;\nINSERT INTO public.counted VALUES (2);");
  with_exit_code(0, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(holds(with_exit_code(0, project.run({"upgrade", "head", "--no-lint"})), "nothing to do"));
  CHECK(database.value("SELECT count(*) FROM counted") == "2");
  CHECK(holds(project.run({"current"}), "a2"));
  with_exit_code(0, project.run({"downgrade", "-1"}));
  CHECK(journal_rows(database) == Lines{"a1 applied 2/2"});
}

TEST_CASE("a run in one transaction that fails is told as one, and a dry run tells what COMMIT would") {
  TestDatabase database;
  Project project(database.url());
  project.add("a1",
              "CREATE TABLE parent (id int PRIMARY KEY);\nCREATE TABLE child (id int REFERENCES parent DEFERRABLE "
              "INITIALLY DEFERRED);");
  SECTION("a statement fails") {
    project.add("a2", "SELECT 1 / 0;");
    for (const char* flag : {"--single-transaction", "--dry-run"}) {
      const auto end = with_exit_code(4, project.run({"upgrade", "head", "--no-lint", flag}));
      CHECK(holds(end, fmt::format("= state: the whole run is rolled back; {} is as before it", database.name())));
    }
  }
  SECTION("a deferred constraint fails") {
    project.add("a2", "INSERT INTO child VALUES (7);");
    for (const char* flag : {"--single-transaction", "--dry-run"}) {
      const auto end = with_exit_code(4, project.run({"upgrade", "head", "--no-lint", flag}));
      CHECK(holds(end, "violates foreign key constraint"));
      const bool one = std::string_view(flag) == "--single-transaction";
      CHECK(holds(end, "one transaction of 2 revisions: what was refused may be of any of them") == one);
    }
  }
  CHECK(database.value("SELECT to_regclass('parent') IS NULL") == "t");
}

TEST_CASE("a revision may not let go of the migration lock") {
  TestDatabase database;
  Project project(database.url());
  SECTION("with all that the session has") { project.add("a1", "CREATE TABLE t ();\nDISCARD ALL;"); }
  SECTION("with all locks") { project.add("a1", "CREATE TABLE t ();\nSELECT pg_catalog.PG_advisory_unlock_all();"); }
  CHECK(holds(with_exit_code(2, project.run({"upgrade", "head", "--no-lint"})), "error[lock-released]"));
  CHECK(database.value("SELECT to_regclass('t') IS NULL") == "t");
}

TEST_CASE("a refusal tells in JSON where the database is") {
  TestDatabase database;
  Project project(database.url());
  project.add("a1", "CREATE TABLE t (n int);", "DROP TABLE t;");
  with_exit_code(0, project.run({"upgrade", "head", "--no-lint"}));
  project.add("a2", "CREATE TABLE u (n int);\nVACUUM nowhere;");
  with_exit_code(5, project.run({"upgrade", "head", "--no-lint"}));
  const auto end = with_exit_code(5, project.run({"downgrade", "base", "--format", "jsonl"}));
  CHECK(holds(end, R"("from":["a1"])"));
  CHECK(holds(end, R"("to":["a1"])"));
}

TEST_CASE("a project that was renamed while a revision is half-done takes its journal over, and goes on") {
  TestDatabase database;
  Project project(database.url());
  const auto rename = [&](const std::string& id) {
    project.write("migrate.toml", "[migrations]\ndirectory = \"migrations\"\n[project]\nid = \"" + id + "\"\n");
  };
  rename("shop");
  project.add("a1", "CREATE TABLE t (n int);\nVACUUM nowhere;\nCREATE TABLE u (n int);");
  with_exit_code(5, project.run({"upgrade", "head", "--no-lint"}));
  rename("store");
  CHECK(holds(with_exit_code(2, project.run({"resume"})), "migrate stamp current --adopt"));
  with_exit_code(5, project.run({"stamp", "head", "--adopt"}));
  with_exit_code(0, project.run({"stamp", "current", "--adopt"}));
  CHECK(journal_rows(database) == Lines{"a1 applying 1/3"});
  database.execute("CREATE TABLE nowhere ()");
  with_exit_code(0, project.run({"resume"}));
  CHECK(journal_rows(database) == Lines{"a1 applied 3/3"});
}

TEST_CASE("backups of one second stand beside each other") {
  TestDatabase database;
  Project project(database.url());
  project.add("a1", "CREATE TABLE t (n int);", "DROP TABLE t;");
  if (lacks_programs(project.run({"upgrade", "head", "--no-lint", "--backup"}))) return;
  with_exit_code(0, project.run({"downgrade", "base"}));
  for (int i = 0; i < 3; ++i) {
    with_exit_code(0, project.run({"upgrade", "head", "--no-lint", "--backup"}));
    with_exit_code(0, project.run({"downgrade", "base", "--backup"}));
  }
  CHECK(database.value("SELECT count(DISTINCT message) || ' of ' || count(*) FROM migrate_log WHERE message LIKE "
                       "'backup: %'") == "7 of 7");
}

TEST_CASE("what would be lost is that of partitions and heirs too, and a lock on it is not waited for") {
  TestDatabase database;
  database.execute(
      "CREATE TABLE pt (k int, n int) PARTITION BY RANGE (k); CREATE TABLE p1 PARTITION OF pt FOR VALUES FROM (0) TO "
      "(9);"
      "CREATE TABLE parent (k int); CREATE TABLE heir () INHERITS (parent); CREATE TABLE locked (k int);"
      "CREATE TABLE none (k int) PARTITION BY RANGE (k); INSERT INTO pt VALUES (1, 1), (2, 2); INSERT INTO heir VALUES "
      "(1); ANALYZE");
  auto holder = database.connect();
  holder.execute("BEGIN; LOCK TABLE locked IN ACCESS EXCLUSIVE MODE");
  for (const std::string statement :
       {"TRUNCATE pt;", "ALTER TABLE pt DROP COLUMN n;", "DROP TABLE pt;", "DROP TABLE parent CASCADE;",
        "TRUNCATE parent;", "ALTER TABLE parent DROP COLUMN k;", "DROP TABLE locked;", "DROP TABLE none;"}) {
    INFO(statement);
    Project project(database.url());
    project.add("a1", statement);
    const auto end = with_exit_code(0, project.run({"plan", "--no-lint"}));
    CHECK(holds(end, "warning[destroys-data]") == (statement != "DROP TABLE none;"));
  }
}

TEST_CASE("a link that is lost before a revision begins is told by what is there already") {
  TestDatabase database;
  Proxy proxy(TestServer::instance().socket_directory() / ".s.PGSQL.5432");
  Project project(proxy.url(database.name()));
  project.add("a1", "CREATE TABLE t1 (id bigint PRIMARY KEY);");
  project.add("a2", "CREATE INDEX CONCURRENTLY t1_id ON t1 (id);", "DROP INDEX CONCURRENTLY t1_id;");
  const auto lose = [&proxy](std::string_view words) {
    proxy.set_judge([words](const Question& question) -> Sentence {
      return {question.text.find(words) == std::string_view::npos ? Fate::pass : Fate::drop_question};
    });
  };
  SECTION("nothing") {
    lose("CREATE TABLE");
    with_exit_code(3, project.run({"upgrade", "head", "--no-lint"}));
    CHECK(database.value("SELECT to_regclass('t1') IS NULL") == "t");
  }
  SECTION("a revision before it") {
    lose("'a2'");
    with_exit_code(4, project.run({"upgrade", "head", "--no-lint"}));
    CHECK(journal_rows(database) == Lines{"a1 applied 1/1"});
  }
  proxy.set_judge({});
  with_exit_code(0, project.run({"upgrade", "head", "--no-lint"}));
  CHECK(journal_rows(database) == Lines{"a1 applied 1/1", "a2 applied 1/1"});
}
