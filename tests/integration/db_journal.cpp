#include "integration/db_support.hpp"

#include <sys/wait.h>

#include <array>
#include <cstdio>

#include <fmt/format.h>

using namespace migrate;
using namespace migrate::test;

namespace {

db::JournalEntry entry_of(const std::string& id, const std::vector<std::string>& parents = {}) {
  db::JournalEntry entry;
  entry.id = revision::RevisionId(id);
  for (const auto& parent : parents) entry.parents.emplace_back(parent);
  entry.message = "it's \\ \xC3\xA4\n" + id;
  entry.checksum = "tokens1:" + id;
  entry.raw_checksum = "raw:" + id;
  entry.downgrade = "-- migrate:downgrade\nDROP TABLE \"t\";\n";
  return entry;
}

Failure refusal(const db::Journal& journal, db::Session& session) {
  auto content = journal.read(session);
  REQUIRE_FALSE(content);
  CHECK(rendered(content.error()).find("= state: nothing was changed") != std::string::npos);
  return std::move(content).error();
}

std::string output_of(const std::string& command) {
  std::string output;
  FILE* pipe = popen(command.c_str(), "r");
  REQUIRE(pipe);
  std::array<char, 4096> buffer{};
  for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) output.append(buffer.data(), n);
  INFO(output);
  CHECK(pclose(pipe) == 0);
  return output;
}

}  // namespace

TEST_CASE("where there is no journal, reading says whether there are tables of others") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  const auto journal = journal_of();
  CHECK_FALSE(must(journal.read(session)).exists);
  CHECK_FALSE(must(journal.read(session)).database_has_tables);
  database.execute("CREATE VIEW v AS SELECT 1; CREATE TEMP TABLE scratch ()");
  CHECK_FALSE(must(journal.read(session)).database_has_tables);
  database.execute("CREATE SCHEMA app; CREATE TABLE app.t ()");
  CHECK(must(journal.read(session)).database_has_tables);
  CHECK_FALSE(must(journal_of("no_such_schema").read(session)).exists);
}

TEST_CASE("what is written is read again") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  const auto journal = journal_of();
  must(journal.ensure(session));
  must(journal.ensure(session));

  auto content = must(journal.read(session));
  CHECK(content.exists);
  CHECK(content.format == db::journal_format);
  CHECK(content.project == "shop");
  CHECK(content.rows.empty());

  auto b = entry_of("b1", {"a1", "NULL"});
  b.depends_on.emplace_back("c.2");
  must(session.execute(journal.applied_sql(b, 3, std::chrono::milliseconds(12))));
  must(session.execute(journal.applied_sql(entry_of("a1"), 1, std::chrono::milliseconds(1))));
  content = must(journal.read(session));
  REQUIRE(content.rows.size() == 2);
  CHECK(content.rows[0].entry.id.str() == "a1");
  const auto& row = content.rows[1];
  db::JournalEntry without_downgrade = b;
  without_downgrade.downgrade.clear();
  CHECK(row.entry == without_downgrade);
  CHECK(row.state == db::RevisionState::applied);
  CHECK(row.steps_done == 3);
  CHECK(row.steps_total == 3);
  CHECK(row.applied_at);
  CHECK(row.applied_by == "deploy@ci");
  CHECK(row.duration == std::chrono::milliseconds(12));
  CHECK(row.tool_version == "0.1.0");
  CHECK(must(journal.read_downgrade(session, b.id)) == b.downgrade);
  CHECK(log_lines(database) == Lines{"- journal done", "b1 up done", "a1 up done"});

  must(session.execute(journal.reverted_sql(b.id, std::chrono::milliseconds(5))));
  CHECK(must(journal.read(session)).rows.size() == 1);
  const auto gone = journal.read_downgrade(session, b.id);
  REQUIRE_FALSE(gone);
  CHECK(gone.error().diagnostics.front().id == "no-stored-downgrade");
}

TEST_CASE("a revision cannot be told as applied twice") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  const auto journal = journal_of();
  must(journal.ensure(session));
  const auto sql = journal.applied_sql(entry_of("a1"), 1, {});
  must(session.execute(sql));
  const auto again = session.execute(sql);
  REQUIRE_FALSE(again);
  CHECK(again.error().constraint == "migrate_revision_pkey");
}

TEST_CASE("a revision that runs statement by statement is followed on its way up and down") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  const auto journal = journal_of();
  must(journal.ensure(session));
  const auto entry = entry_of("a1");
  const auto tell = [&](const std::string& sql) {
    must(session.execute(sql));
    return journal_rows(database);
  };
  const auto kept = [&] { return must(journal.read_downgrade(session, entry.id)); };
  CHECK(tell(journal.started_sql(entry, db::Direction::up, 3)) == Lines{"a1 applying 0/3"});
  CHECK(tell(journal.abandoned_sql(entry.id, db::Direction::up)).empty());
  tell(journal.started_sql(entry, db::Direction::up, 3));
  CHECK(tell(journal.step_done_sql(entry.id, 2)) == Lines{"a1 applying 2/3"});
  CHECK(tell(journal.started_sql(entry, db::Direction::up, 4)) == Lines{"a1 applying 2/4"});
  CHECK(tell(journal.finished_sql(entry.id, db::Direction::up, {})) == Lines{"a1 applied 4/4"});
  CHECK(tell(journal.started_sql(entry, db::Direction::down, 2)) == Lines{"a1 reverting 0/2"});
  CHECK(tell(journal.step_done_sql(entry.id, 1)) == Lines{"a1 reverting 1/2"});
  CHECK(tell(journal.started_sql(entry, db::Direction::down, 2)) == Lines{"a1 reverting 1/2"});
  CHECK(kept() == entry.downgrade);
  auto other = entry;
  other.downgrade = "-- migrate:downgrade\nSELECT 'another';";
  CHECK(tell(journal.started_sql(other, db::Direction::down, 3)) == Lines{"a1 reverting 1/3"});
  CHECK(kept() == other.downgrade);
  other.downgrade.clear();  // the file is gone
  tell(journal.started_sql(other, db::Direction::down, 3));
  CHECK(kept() == "-- migrate:downgrade\nSELECT 'another';");
  CHECK(tell(journal.marked_done_sql(entry.id, 2, 2, entry.downgrade)) == Lines{"a1 reverting 2/2"});
  CHECK(kept() == entry.downgrade);
  CHECK(tell(journal.abandoned_sql(entry.id, db::Direction::down)) == Lines{"a1 applied 2/2"});
  CHECK(tell(journal.finished_sql(entry.id, db::Direction::down, {})).empty());
}

TEST_CASE("stamping writes and takes away rows, and the log tells each") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  const auto journal = journal_of();
  must(journal.ensure(session));
  must(session.execute(journal.stamped_sql({entry_of("a1"), entry_of("b1", {"a1"})}, {}, false)));
  CHECK(journal_rows(database) == Lines{"a1 applied 0/0", "b1 applied 0/0"});
  must(session.execute(journal.stamped_sql({}, {revision::RevisionId("b1")}, false)));
  CHECK(journal_rows(database) == Lines{"a1 applied 0/0"});

  must(session.execute(journal.started_sql(entry_of("c1"), db::Direction::up, 2)));
  must(session.execute(journal.stamped_sql({entry_of("c1")}, {}, false)));
  must(session.execute(journal.stamped_sql({entry_of("d1")}, {}, true)));
  CHECK(journal_rows(database) == Lines{"d1 applied 0/0"});
  CHECK(log_lines(database) == Lines{"- journal done", "a1 stamp added", "b1 stamp added", "b1 stamp removed",
                                     "c1 up started", "c1 stamp added", "a1 stamp removed", "c1 stamp removed",
                                     "d1 stamp added"});
}

TEST_CASE("the project is the last one that was named") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  must(journal_of("public", "").ensure(session));
  CHECK(must(journal_of().read(session)).project.empty());
  must(session.execute(journal_of("public", "shop").applied_sql(entry_of("a1"), 1, {})));
  must(session.execute(journal_of("public", "").applied_sql(entry_of("b1"), 1, {})));
  CHECK(must(journal_of().read(session)).project == "shop");
}

TEST_CASE("the journal works with an empty search_path, in a schema with an odd name, with backslashes as escapes") {
  TestDatabase database;
  database.execute("CREATE SCHEMA \"Odd \"\"name\"\"\"");
  auto session = connect(database.conninfo());
  must(session.execute("SET search_path = ''; SET standard_conforming_strings = off"));
  const auto journal = journal_of("Odd \"name\"");
  must(journal.ensure(session));
  must(session.execute(journal.applied_sql(entry_of("a1"), 1, {})));
  const auto content = must(journal.read(session));
  REQUIRE(content.rows.size() == 1);
  CHECK(content.rows[0].entry.message == entry_of("a1").message);
}

TEST_CASE("the journal is two tables and nothing else: pg_dump without them shows nothing of it") {
  const auto program = server_binaries().directory / "pg_dump";
  if (!std::filesystem::exists(program)) {
    WARN("not tested: there is no " << program);
    return;
  }
  TestDatabase database;
  auto session = connect(database.conninfo());
  const auto dump = [&] {
    const auto all =
        output_of(fmt::format("{} -T '*.migrate_revision' -T '*.migrate_log' '{}'", program.string(), database.url()));
    // Newer versions write a random word that keeps psql from running what a dump holds.
    std::string kept;
    for (const auto line : split(all, '\n')) {
      if (!line.starts_with("\\restrict") && !line.starts_with("\\unrestrict")) kept += std::string(line) + "\n";
    }
    return kept;
  };
  const auto before = dump();
  must(journal_of().ensure(session));
  must(session.execute(journal_of().applied_sql(entry_of("a1"), 1, {})));
  CHECK(dump() == before);
}

TEST_CASE("two that make the journal at the same moment both find it made") {
  for (int i = 0; i < 10; ++i) {
    TestDatabase database;
    auto first = connect(database.conninfo());
    auto second = connect(database.conninfo());
    std::jthread other([&] { must(journal_of().ensure(second)); });
    must(journal_of().ensure(first));
    other.join();
    CHECK(log_lines(database) == Lines{"- journal done"});
  }
}

TEST_CASE("a damaged journal is refused, and the error says what is wrong") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  const auto journal = journal_of();
  must(journal.ensure(session));
  must(session.execute(journal.applied_sql(entry_of("a1"), 1, {})));
  must(
      session.execute("ALTER TABLE migrate_revision DROP CONSTRAINT migrate_revision_state_check, "
                      "DROP CONSTRAINT migrate_revision_check, DROP CONSTRAINT migrate_revision_steps_done_check, "
                      "ALTER message DROP NOT NULL, ALTER parents DROP NOT NULL"));
  struct Damage {
    const char *sql, *told;
  };
  for (const auto& [sql, expected] : std::vector<Damage>{
           {"UPDATE migrate_revision SET state = 'half'", "`state` of revision `a1` is `half`"},
           {"UPDATE migrate_revision SET steps_done = -1", "`steps_done` of revision `a1` is `-1`"},
           {"UPDATE migrate_revision SET steps_done = 5", "`steps_total` of revision `a1` is `1`"},
           {"UPDATE migrate_revision SET revision = 'a 1'", "`a 1` is not a revision id"},
           {"UPDATE migrate_revision SET parents = '{x,NULL}'", "`parents` of revision `a1` is `x,?`"},
           {"UPDATE migrate_revision SET parents = NULL", "`parents` of revision `a1` is `null`"},
           {"UPDATE migrate_revision SET message = NULL", "`message` of revision `a1` is `null`"},
           {"UPDATE migrate_revision SET applied_at = 'infinity'", "`applied_at` of revision `a1` is `Infinity`"},
           {"UPDATE migrate_log SET format = 0", "`format` of the log is `0`"},
           {"ALTER TABLE migrate_revision DROP COLUMN checksum", "column r.checksum does not exist"},
           {"DROP TABLE migrate_log", "table `migrate_log` is missing"},
           {"DROP TABLE migrate_revision", "table `migrate_revision` is missing"},
       }) {
    INFO(sql);
    must(session.execute("BEGIN"));
    must(session.execute(sql));
    if (std::string_view(sql).starts_with("UPDATE")) {
      CHECK(refusal(journal, session).diagnostics.front().message ==
            fmt::format("the journal in schema `public` is damaged: {}", expected));
      must(session.execute("ROLLBACK"));
      continue;
    }
    must(session.execute("COMMIT"));
    const Failure failure = refusal(journal, session);
    CHECK(failure.diagnostics.front().id == "journal-damaged");
    CHECK(failure.diagnostics.front().message ==
          fmt::format("the journal in schema `public` is damaged: {}", expected));
    must(session.execute("DROP TABLE IF EXISTS migrate_log, migrate_revision"));
    must(journal.ensure(session));
  }
}

TEST_CASE("a journal of a newer format is refused, with or without the columns that we know") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  const auto journal = journal_of();
  must(journal.ensure(session));
  must(
      session.execute("INSERT INTO migrate_log (direction, outcome, done_by, host, format, tool_version) "
                      "VALUES ('journal', 'done', 'deploy', 'ci', 2, '3.1.0')"));
  SECTION("the same columns") {}
  SECTION("others") { must(session.execute("ALTER TABLE migrate_revision RENAME checksum TO digest")); }
  CHECK(
      rendered(refusal(journal, session)) ==
      "error[journal-newer-format]: the journal in schema `public` has format 2; this version of migrate knows formats "
      "up to 1\n"
      "   = note: it was written by migrate 3.1.0\n"
      "   = state: nothing was changed\n"
      "help: use migrate 3.1.0 or later\n");
}

TEST_CASE("who may not use the journal is told which rights are missing") {
  TestDatabase database;
  database.execute("CREATE ROLE guest_1 LOGIN; CREATE SCHEMA app; CREATE SCHEMA closed");
  const auto as_guest = [&] { return connect(database.conninfo() + " user=guest_1"); };
  {
    auto guest = as_guest();
    const auto made = journal_of("app").ensure(guest);
    REQUIRE_FALSE(made);
    CHECK(made.error().exit_code == ExitCode::unreachable);
    CHECK(rendered(made.error()) ==
          "error[journal-no-permission]: `guest_1` may not use the journal in schema `app`: permission denied for "
          "schema app\n"
          "   = postgres: SQLSTATE 42501\n"
          "   = state: nothing was changed\n"
          "help: GRANT USAGE, CREATE ON SCHEMA \"app\" TO \"guest_1\"\n"
          "help: if another user made the journal: GRANT SELECT, INSERT, UPDATE, DELETE ON \"app\".migrate_revision TO "
          "\"guest_1\"; GRANT SELECT, INSERT ON \"app\".migrate_log TO \"guest_1\"\n"
          "help: or keep it elsewhere: `schema` in [journal] of migrate.toml\n");

    auto owner = connect(database.conninfo());
    must(journal_of("app").ensure(owner));
    database.execute("GRANT USAGE ON SCHEMA app TO guest_1");
    CHECK(refusal(journal_of("app"), guest).diagnostics.front().id == "journal-no-permission");

    // What the help says is enough.
    database.execute(
        "GRANT SELECT, INSERT, UPDATE, DELETE ON app.migrate_revision TO guest_1; "
        "GRANT SELECT, INSERT ON app.migrate_log TO guest_1");
    must(journal_of("app").ensure(guest));
    must(guest.execute(journal_of("app").applied_sql(entry_of("a1"), 1, {})));
    CHECK(must(journal_of("app").read(guest)).rows.size() == 1);
  }
  database.execute("DROP OWNED BY guest_1; DROP ROLE guest_1");
}

TEST_CASE("no schema, a schema that is not there, and a read-only database are refused when the journal is made") {
  TestDatabase database;
  auto session = connect(database.conninfo());
  const auto refused = [&](const db::Journal& journal) {
    auto made = journal.ensure(session);
    REQUIRE_FALSE(made);
    return made.error().diagnostics.front();
  };
  CHECK(refused(journal_of("nowhere")).id == "no-schema");
  CHECK(refused(journal_of("nowhere")).message == "schema `nowhere` does not exist");
  CHECK(refused(journal_of("")).id == "no-schema");
  CHECK_FALSE(journal_of("").read(session));

  must(session.execute("SET default_transaction_read_only = on"));
  CHECK(refused(journal_of()).id == "read-only-database");
}
