// What a database whose encoding is not UTF-8 cannot keep.
#include "integration/db_support.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

constexpr const char* header = "-- add a price\n--\n-- Revision ID: a1\n\n-- migrate:upgrade\n";

struct Latin {
  Latin() { must(journal.ensure(session)); }

  std::string failure_of(const db::RevisionRun& revision) {
    const auto report = run(session, journal, revision);
    REQUIRE_FALSE(report);
    return told(report.error(), revision, session);
  }

  TestDatabase database{"ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"};
  db::Session session = connect(database.conninfo());
  db::Journal journal = journal_of();
};

// With the file round it: the statement stands in line 6.
db::RevisionRun revision_of(const std::string& statement, const std::string& downgrade) {
  auto revision = make_run("a1", statement);
  const std::string before = header;
  revision.source = make_source("migrations/a1.sql", before + statement + "\n" + downgrade);
  auto& range = revision.statements.front().statement.range;
  range = {range.begin + before.size(), range.end + before.size()};
  revision.entry.message = "add a price";
  revision.entry.downgrade = downgrade;
  return revision;
}

}  // namespace

TEST_CASE("a character that the journal cannot keep is shown") {
  Latin latin;
  const auto revision =
      revision_of("CREATE TABLE price (amount int);", "-- migrate:downgrade\n-- no more €\nDROP TABLE price;\n");
  CHECK(latin.failure_of(revision) ==
        "error[untranslatable-character]: character with byte sequence 0xe2 0x82 0xac in encoding \"UTF8\" has no "
        "equivalent in encoding \"LATIN1\"\n"
        "  --> migrations/a1.sql:8:12\n"
        "   |\n"
        " 8 | -- no more €\n"
        "   |            ^ the journal keeps this text\n"
        "   |\n"
        "   = postgres: SQLSTATE 22P05\n"
        "   = note: the journal keeps a revision's message and its downgrade section, comments too, and could not be "
        "written\n"
        "   = state: a1 rolled back; " +
            latin.database.name() +
            " is as before this revision\n"
            "help: write it with characters that the database's encoding has, then run `migrate upgrade` again\n"
            "exit 4\n");
  CHECK(latin.database.value("SELECT to_regclass('price') IS NULL") == "t");
}

TEST_CASE("nothing runs outside a transaction that the journal cannot keep") {
  Latin latin;
  SECTION("in the downgrade, whose marker is kept in other words") {
    auto revision = revision_of("VACUUM;", "-- migrate:downgrade\nSELECT '\\u20ac', '€';\n");
    revision.entry.downgrade.insert(std::string_view("-- migrate:downgrade").size(), " transaction=none");
    CHECK(latin.failure_of(revision).find("--> migrations/a1.sql:8:19\n") != std::string::npos);
  }
  SECTION("in the message") {
    auto revision = revision_of("VACUUM;", "-- migrate:downgrade\nSELECT 1;\n");
    revision.entry.message = "add a € price";
    revision.source = make_source("migrations/a1.sql", "-- add a € price\n" + std::string(header) + "VACUUM;\n");
    CHECK(latin.failure_of(revision).find("--> migrations/a1.sql:1:10\n") != std::string::npos);
  }
  CHECK(journal_rows(latin.database).empty());
}

TEST_CASE("a statement with such a character is shown itself") {
  Latin latin;
  const auto revision = revision_of("SELECT '€';", "-- migrate:downgrade\nSELECT 1;\n");
  CHECK(latin.failure_of(revision).find("--> migrations/a1.sql:6:1\n") != std::string::npos);
}

TEST_CASE("the journal is not blamed for a character that a trigger meets at the end of the transaction") {
  Latin latin;
  latin.database.execute(
      "CREATE TABLE d (i int); CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM "
      "convert(decode(''e282ac'', ''hex''), ''UTF8'', ''LATIN1''); RETURN NULL; END'; CREATE CONSTRAINT TRIGGER ct "
      "AFTER "
      "INSERT ON d DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION f()");
  const std::string text = latin.failure_of(make_run("a1", "INSERT INTO d VALUES (1);"));
  CHECK(text.find("error[untranslatable-character]") == 0);
  CHECK(text.find("the journal keeps") == std::string::npos);
  CHECK(text.find("a deferred constraint or trigger refused COMMIT") != std::string::npos);
}
