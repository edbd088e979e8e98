#include <algorithm>
#include <filesystem>

#include <migrate/base/file.hpp>
#include <migrate/sql/statement.hpp>

#include "ops/import/golang_migrate.hpp"
#include "support/catch.hpp"
#include "unit/revision/plain_text.hpp"

using namespace migrate;
using namespace migrate::ops::foreign;
using namespace migrate::test;

namespace {

// The rendered revisions one after the other, then the notices; or what is wrong.
std::string converted(const std::vector<ForeignFile>& files) {
  const auto history = convert_golang_migrate(files);
  if (!history) return plain(history.error().diagnostics, "");
  std::string text;
  for (const auto& revision : history->revisions) {
    text += revision::render_revision(revision);
    text += "=====\n";
  }
  return text + plain(history->notices, "");
}

// The upgrade section alone, then the notices.
std::string upgrade(const std::string& text) {
  const auto history = convert_golang_migrate(std::vector<ForeignFile>{{"1_a.up.sql", text}});
  if (!history) return plain(history.error().diagnostics, "");
  return history->revisions.front().upgrade_sql + plain(history->notices, "");
}

}  // namespace

TEST_CASE("migrations become a linear history in the order of their numbers") {
  CHECK(converted({{"10_index.up.sql", "CREATE INDEX i ON t (a);\n"},
                   {"10_index.down.sql", "DROP INDEX i;\n"},
                   {"0002_add_a_column.down.sql", "ALTER TABLE t DROP a;\n"},
                   {"0002_add_a_column.up.sql", "ALTER TABLE t ADD a int;\n"},
                   {"001_init.up.sql", "CREATE TABLE t (id int);\n"},
                   {"001_init.down.sql", "DROP TABLE t;\n"}}) ==
        "-- init\n--\n-- Revision ID: 001\n-- Revises:\n\n"
        "-- migrate:upgrade\nCREATE TABLE t (id int);\n\n-- migrate:downgrade\nDROP TABLE t;\n=====\n"
        "-- add a column\n--\n-- Revision ID: 0002\n-- Revises: 001\n\n"
        "-- migrate:upgrade\nALTER TABLE t ADD a int;\n\n-- migrate:downgrade\nALTER TABLE t DROP a;\n=====\n"
        "-- index\n--\n-- Revision ID: 10\n-- Revises: 0002\n\n"
        "-- migrate:upgrade\nCREATE INDEX i ON t (a);\n\n-- migrate:downgrade\nDROP INDEX i;\n=====\n");
}

TEST_CASE("a version that is a time gives the create date") {
  CHECK(converted({{"20240229123456_leap.up.sql", "SELECT 1;"}, {"20240229123456_leap.down.sql", "SELECT 2;"}}) ==
        "-- leap\n--\n-- Revision ID: 20240229123456\n-- Revises:\n-- Create Date: 2024-02-29T12:34:56Z\n\n"
        "-- migrate:upgrade\nSELECT 1;\n\n-- migrate:downgrade\nSELECT 2;\n=====\n");
  CHECK(converted({{"20241399123456_.up.sql", "SELECT 1;"}, {"20241399123456_.down.sql", "SELECT 2;"}}) ==
        "-- migration 20241399123456\n--\n-- Revision ID: 20241399123456\n-- Revises:\n\n"
        "-- migrate:upgrade\nSELECT 1;\n\n-- migrate:downgrade\nSELECT 2;\n=====\n");
}

TEST_CASE("a migration without a downgrade is irreversible, with what its comments say") {
  const std::string head = "-- a\n--\n-- Revision ID: 1\n-- Revises:\n\n-- migrate:upgrade\nSELECT 1;\n\n";
  const std::string reason = "-- migrate:downgrade irreversible\n-- no downgrade in the imported history";
  CHECK(converted({{"1_a.up.sql", "SELECT 1;"}}) == head + reason + "\n=====\n");
  CHECK(converted({{"1_a.up.sql", "SELECT 1;"}, {"1_a.down.sql", " \n;\n"}}) == head + reason + "\n=====\n");
  CHECK(converted({{"1_a.up.sql", "SELECT 1;"}, {"1_a.down.sql", "-- the old values\n--\n/* x */ -- are gone\n"}}) ==
        head + reason + ": the old values are gone\n=====\n");
}

TEST_CASE("an upgrade without a statement gets one that does nothing") {
  CHECK(upgrade("-- replaced by 0005\n") ==
        "-- replaced by 0005\n-- The imported migration has no statement, and a revision needs one.\nSELECT 1;\n");
  CHECK(upgrade("") == "-- The imported migration has no statement, and a revision needs one.\nSELECT 1;\n");
}

TEST_CASE("a downgrade without an upgrade is told") {
  const auto history = convert_golang_migrate(std::vector<ForeignFile>{{"db/3_x.down.sql", "DROP TABLE t;"}});
  REQUIRE(history);
  CHECK(history->revisions.front().downgrade_sql == "DROP TABLE t;");
  CHECK(plain(history->notices) == "missing-upgrade-file: version 3 has a downgrade but no upgrade\n");
  CHECK(history->notices.front().file == "db/3_x.down.sql");
}

TEST_CASE("a missing final semicolon is put before what follows the statement") {
  CHECK(upgrade("SELECT 1") == "SELECT 1;");
  CHECK(upgrade("SELECT 1;\nSELECT 2 -- two\n-- end\n") == "SELECT 1;\nSELECT 2; -- two\n-- end\n");
  CHECK(upgrade("SELECT 1 /* a ; /* b */ */ ; -- c") == "SELECT 1 /* a ; /* b */ */ ; -- c");
  CHECK(upgrade("SELECT 1 /* a ; /* b */ */ -- ;") == "SELECT 1; /* a ; /* b */ */ -- ;");
  CHECK(upgrade("COPY t FROM stdin;\nit's\n\\.\n") == "COPY t FROM stdin;\nit's\n\\.\n");
}

TEST_CASE("CRLF becomes LF and a byte-order mark goes") {
  CHECK(upgrade("\xEF\xBB\xBF-- a\r\nSELECT 1;\r\nDO $$\r\nbegin end\r\n$$;\r\n") ==
        "-- a\nSELECT 1;\nDO $$\nbegin end\n$$;\n");
  CHECK(upgrade("SELECT 'a\rb';\n") == "SELECT 'a\rb';\n");
  CHECK(upgrade("SELECT 'a\r\nb';\r\n") ==
        "SELECT 'a\nb';\n"
        "changed-line-ends: line ends inside a literal became LF\n"
        "  at 1_a.up.sql:1:8 `'a\nb'` was CRLF in the imported file\n");
}

TEST_CASE("a transaction round the whole file is removed and told") {
  CHECK(upgrade("-- why\nBEGIN;\n\nCREATE TABLE t (id int);\nSELECT 1;\n\nCOMMIT;\n-- end\n") ==
        "-- why\n\nCREATE TABLE t (id int);\nSELECT 1;\n\n-- end\n"
        "removed-transaction-control: removed `BEGIN` and `COMMIT`: a revision is a transaction of its own\n"
        "  at 1_a.up.sql:2:1 `BEGIN`\n"
        "  and 1_a.up.sql:7:1 `COMMIT`\n");
  CHECK(upgrade("start transaction; SELECT 1; end") ==
        " SELECT 1; "
        "removed-transaction-control: removed `START TRANSACTION` and `END`: a revision is a transaction of its own\n"
        "  at 1_a.up.sql:1:1 `start transaction`\n"
        "  and 1_a.up.sql:1:30 `end`\n");
}

TEST_CASE("where a statement cannot run in a transaction, those that were do not become one") {
  CHECK(upgrade("BEGIN;\nSELECT 1;\nCOMMIT;\nCREATE INDEX CONCURRENTLY i ON t (a);\nBEGIN;\nSELECT 2;\nCOMMIT;\n") ==
        "SELECT 1;\nCREATE INDEX CONCURRENTLY i ON t (a);\nSELECT 2;\n"
        "removed-transaction-control: removed `BEGIN` and `COMMIT`: a revision with a statement that cannot run in a "
        "transaction runs statement by statement\n"
        "  at 1_a.up.sql:1:1 `BEGIN`\n"
        "  and 1_a.up.sql:3:1 `COMMIT`\n"
        "  and 1_a.up.sql:5:1 `BEGIN`\n"
        "  and 1_a.up.sql:7:1 `COMMIT`\n"
        "  note: each statement is committed on its own now\n");
}

TEST_CASE("several transactions become one, and that is said") {
  CHECK(upgrade("BEGIN;\nSELECT 1;\nCOMMIT;\nBEGIN;\nSELECT 2;\nCOMMIT;\n") ==
        "SELECT 1;\nSELECT 2;\n"
        "removed-transaction-control: removed `BEGIN` and `COMMIT`: a revision is a transaction of its own\n"
        "  at 1_a.up.sql:1:1 `BEGIN`\n"
        "  and 1_a.up.sql:3:1 `COMMIT`\n"
        "  and 1_a.up.sql:4:1 `BEGIN`\n"
        "  and 1_a.up.sql:6:1 `COMMIT`\n"
        "  note: they were 2 transactions and now are one\n");
  CHECK(upgrade("SELECT 1;\nBEGIN;\nSELECT 2;\nCOMMIT;\n") ==
        "SELECT 1;\nSELECT 2;\n"
        "removed-transaction-control: removed `BEGIN` and `COMMIT`: a revision is a transaction of its own\n"
        "  at 1_a.up.sql:2:1 `BEGIN`\n"
        "  and 1_a.up.sql:4:1 `COMMIT`\n"
        "  note: statements outside of the transaction are now inside\n");
}

TEST_CASE("what a ROLLBACK undid is warned of") {
  CHECK(upgrade("BEGIN;\nSAVEPOINT a;\nSELECT 1;\nROLLBACK TO a;\nROLLBACK;\n") ==
        "SELECT 1;\n"
        "removed-transaction-control: removed `BEGIN`, `SAVEPOINT`, `ROLLBACK TO SAVEPOINT` and `ROLLBACK`: "
        "a revision is a transaction of its own\n"
        "  at 1_a.up.sql:1:1 `BEGIN`\n"
        "  and 1_a.up.sql:2:1 `SAVEPOINT a`\n"
        "  and 1_a.up.sql:4:1 `ROLLBACK TO a`\n"
        "  and 1_a.up.sql:5:1 `ROLLBACK`\n"
        "  note: what `ROLLBACK` undid now takes effect\n"
        "  help: look through the revision, and take out what was never meant to stay\n");
}

TEST_CASE("a file with nothing but transaction control has no statement") {
  CHECK(upgrade("BEGIN;\nCOMMIT;\n") ==
        "-- The imported migration has no statement, and a revision needs one.\nSELECT 1;\n"
        "removed-transaction-control: removed `BEGIN` and `COMMIT`: a revision is a transaction of its own\n"
        "  at 1_a.up.sql:1:1 `BEGIN`\n"
        "  and 1_a.up.sql:2:1 `COMMIT`\n");
}

TEST_CASE("comments that read like our own markers are disarmed, literals are left alone") {
  CHECK(upgrade("-- migrate:down\nSELECT '\n-- migrate:up\n'; --Migrate:allow x\n") ==
        "-- migrate :down\nSELECT '\n-- migrate:up\n'; --Migrate :allow x\n"
        "disarmed-comment: a comment that reads like a directive of migrate was changed\n"
        "  at 1_a.up.sql:1:1 `-- migrate:` a blank was put before the colon\n"
        "disarmed-comment: a comment that reads like a directive of migrate was changed\n"
        "  at 1_a.up.sql:4:4 `--Migrate:` a blank was put before the colon\n");
}

TEST_CASE("all that cannot be imported is reported at once") {
  CHECK(converted({{"1_a.up.sql", "SELECT '\xE9';"},
                   {"1_a.down.sql", "\\i x.sql\nSELECT 1;"},
                   {"2_b.up.sql", "SELECT 'x;"},
                   {"002_c.up.sql", "SELECT 1;"}}) ==
        "duplicate-version: two files of version 2: `002_c.up.sql` and `2_b.up.sql`\n"
        "  help: join the two, or give one another number\n"
        "not-utf8: `1_a.up.sql` is not UTF-8: byte 9 (0xe9)\n"
        "  help: save it as UTF-8, for example with `iconv -f LATIN1 -t UTF-8`\n"
        "psql-meta-command: `\\i` is a command of psql, not SQL\n"
        "  at 1_a.down.sql:1:1 `\\i`\n"
        "  help: put the file's SQL here, or make a revision of its own of it\n"
        "unterminated-literal: unterminated quoted string\n"
        "  at 2_b.up.sql:1:8 `` opened here, never closed\n"
        "  help: close it; a quote inside a literal is doubled\n");
}

TEST_CASE("files of the format are told by their names") {
  CHECK(is_golang_migrate_file("0001_init.up.sql"));
  CHECK(is_golang_migrate_file("db/20240101000000_a.b.down.sql"));
  CHECK(is_golang_migrate_file("1_.up.sql"));
  CHECK_FALSE(is_golang_migrate_file("init.up.sql"));
  CHECK_FALSE(is_golang_migrate_file("0001.up.sql"));
  CHECK_FALSE(is_golang_migrate_file("0001_init.sql"));
  CHECK_FALSE(is_golang_migrate_file("0001_init.up.go"));
  CHECK_FALSE(is_golang_migrate_file("README.md"));

  const std::vector<std::string> names{"README.md", "1_a.up.sql"};
  REQUIRE(detect_format(names));
  CHECK(detect_format(names)->name == "golang-migrate");
  CHECK(detect_format(std::vector<std::string>{"README.md"}) == nullptr);
  CHECK(find_format("golang-migrate") != nullptr);
  CHECK(find_format("alembic") == nullptr);
}

namespace {

std::vector<ForeignFile> read_folder(const std::filesystem::path& folder) {
  std::vector<ForeignFile> files;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const auto name = entry.path().filename().string();
    if (!is_golang_migrate_file(name)) continue;
    auto text = read_file(entry.path());
    REQUIRE(text);
    files.push_back({name, *std::move(text)});
  }
  return files;
}

// The checksums of the statements, transaction control left out: equal where the statements are, token by token.
std::vector<std::string> statements_of(const SourcePtr& source, ByteRange section) {
  const auto statements = sql::split_statements(source, section);
  REQUIRE(statements);
  std::vector<std::string> checksums;
  for (const auto& statement : *statements) {
    const auto facts = sql::examine_statement(source->text(statement.range));
    if (facts.transaction_control != sql::TransactionControl::none) continue;
    checksums.push_back(sql::section_checksum(source, statement.range));
  }
  return checksums;
}

std::vector<std::string> statements_of_file(const std::vector<ForeignFile>& files, const std::string& name) {
  const auto file =
      std::find_if(files.begin(), files.end(), [&](const ForeignFile& candidate) { return candidate.name == name; });
  if (file == files.end()) return {};
  const auto source = make_source(name, file->text);
  return statements_of(source, {0, source->text().size()});
}

}  // namespace

TEST_CASE("real histories convert to revisions with the same statements") {
  const std::filesystem::path corpora = MIGRATE_SOURCE_DIR "/../shared/corpora/histories";
  if (!std::filesystem::is_directory(corpora)) {
    WARN("SKIPPED: the corpora of histories are not beside the project");
    return;
  }
  for (const auto& folder : std::filesystem::directory_iterator(corpora)) {
    const auto files = read_folder(folder.path());
    const auto history = convert_golang_migrate(files);
    REQUIRE(history);
    std::vector<std::string> ups;
    for (const auto& file : files) {
      if (file.name.ends_with(".up.sql")) ups.push_back(file.name);
    }
    std::sort(ups.begin(), ups.end());
    REQUIRE(history->revisions.size() == ups.size());

    for (std::size_t i = 0; i < ups.size(); ++i) {
      INFO(folder.path().filename().string() << "/" << ups[i]);
      const auto& made = history->revisions[i];
      const auto source = make_source("a.sql", revision::render_revision(made));
      const auto parsed = revision::parse_revision(source);
      if (!parsed) FAIL(plain(parsed.error().diagnostics));
      REQUIRE(parsed->header.id.value == made.id);
      REQUIRE(parsed->header.message == made.message);
      REQUIRE(parsed->header.parents.size() == (i == 0 ? 0U : 1U));
      if (i > 0) REQUIRE(parsed->header.parents[0].value == history->revisions[i - 1].id);

      const auto up = statements_of_file(files, ups[i]);
      const auto down = statements_of_file(files, ups[i].substr(0, ups[i].size() - 7) + ".down.sql");
      const auto upgrade = statements_of(source, parsed->upgrade.body);
      if (up.empty()) {
        REQUIRE(upgrade.size() == 1);
      } else {
        REQUIRE(upgrade == up);
      }
      REQUIRE(parsed->irreversible.has_value() == down.empty());
      if (parsed->downgrade) REQUIRE(statements_of(source, parsed->downgrade->body) == down);
    }
  }
}
