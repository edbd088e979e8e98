/// \file
/// SQL that the server knows and the parser does not: the gate and `lint --database` judge it by trying it.

#include <fmt/format.h>

#include <migrate/ops/lint.hpp>
#include <migrate/ops/migration.hpp>

#include "support/catch.hpp"
#include "support/test_server.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

constexpr std::string_view schema =
    "CREATE TABLE account (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a + 1) STORED, d int);"
    "INSERT INTO account (id, a) SELECT i, i FROM generate_series(1, 2000) i;";

std::string_view word(Severity severity) {
  if (severity == Severity::error) return "error";
  return severity == Severity::warning ? "warning" : "note";
}

class Project {
 public:
  explicit Project(const std::string& sql) {
    folder_.write("migrate.toml", "[lint]\nsmall_table = 1\n");
    folder_.write("migrations/one.sql",
                  fmt::format("-- one\n--\n-- Revision ID: a1\n-- Revises:\n\n-- migrate:upgrade\n"
                              "{}\n\n-- migrate:downgrade irreversible\n-- a test\n",
                              sql));
    config::Flags flags;
    flags.settings_file = folder_ / "migrate.toml";
    auto loaded = config::load_settings(flags, {{"DATABASE_URL", database_.url()}}, folder_.path());
    if (!loaded) throw std::runtime_error(text_of(loaded.error()));
    settings_ = std::move(loaded->settings);
    database_.execute(std::string(schema));
  }

  // "error: message" of each finding.
  std::vector<std::string> lint() {
    const auto context = ops::make_context(settings_, silent_);
    const auto outcome = ops::lint(context, {.targets = {}, .ask_database = true, .since = {}});
    if (!outcome) throw std::runtime_error(text_of(outcome.error()));
    std::vector<std::string> lines;
    for (const auto& finding : outcome->findings) {
      lines.push_back(fmt::format("{}: {}", word(finding.diagnostic.severity), finding.diagnostic.message));
    }
    return lines;
  }

  // The id of the last complaint; empty where it went through.
  std::string upgrade() {
    const auto context = ops::make_context(settings_, silent_);
    const auto outcome = ops::upgrade(context, "head", {});
    return outcome.failure ? outcome.failure->diagnostics.back().id : std::string();
  }

 private:
  TestDatabase database_;
  TemporaryFolder folder_;
  config::Settings settings_;
  ops::Observer silent_;
};

bool server_is_old(int major) {
  if (TestServer::instance().major() >= major) return false;
  WARN("only on PostgreSQL " << major);
  return true;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("what leaves the rows alone may run, though no rule can read it") {
  if (server_is_old(18)) return;
  for (const std::string sql : {"ALTER TABLE account ADD CONSTRAINT account_a_given NOT NULL a NOT VALID;",
                                "ALTER TABLE account ADD COLUMN c int GENERATED ALWAYS AS (a * 2) VIRTUAL;",
                                "ALTER TABLE account ADD CONSTRAINT ck_account_a CHECK (a > 0) NOT ENFORCED;"}) {
    INFO(sql);
    Project project(sql);
    CHECK(project.lint() == Lines{"note: no rule can read this, but it leaves the rows of `account` alone"});
    CHECK(project.upgrade().empty());
  }
}

TEST_CASE("what rewrites or scans a full table is refused, though no rule can read it") {
  if (server_is_old(18)) return;
  struct Case {
    std::string sql, expected;
  };
  const Case cases[] = {
      {"ALTER TABLE account ADD CONSTRAINT account_a_given NOT NULL a;",
       "error: `account` is read as a whole by SQL that no rule can read"},
      {"ALTER TABLE account ADD CONSTRAINT account_d_given NOT NULL d NOT VALID, ALTER COLUMN d TYPE bigint;",
       "error: `account` is written anew by SQL that no rule can read"},
  };
  for (const auto& each : cases) {
    INFO(each.sql);
    Project project(each.sql);
    CHECK(project.lint() == Lines{each.expected});
    CHECK(project.upgrade() == "refused-by-lint");
  }
}

TEST_CASE("what cannot be tried is judged by its first words, and a table made by it is known from then on") {
  if (server_is_old(18)) return;
  Project project(
      "CREATE TABLE entry (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) VIRTUAL);\n"
      "CREATE INDEX ix_entry_a ON entry (a);\n"
      "ALTER TABLE entry ADD CONSTRAINT entry_a_given NOT NULL a;");
  const auto lines = project.lint();
  REQUIRE(lines.size() == 2);
  for (const auto& line : lines) CHECK(line.starts_with("warning: "));
  CHECK(project.upgrade().empty());
}

TEST_CASE("a new expression for a stored column is known to write the table anew") {
  if (server_is_old(17)) return;
  Project project("ALTER TABLE account ALTER COLUMN b SET EXPRESSION AS (a + 2);");
  const auto lines = project.lint();
  REQUIRE_FALSE(lines.empty());
  CHECK(lines.front().starts_with("error: "));
  CHECK(project.upgrade() == "refused-by-lint");
}

TEST_CASE("a broken statement is refused on every server") {
  Project project("ALTER TABLE account FROBNICATE;");
  const auto lines = project.lint();
  REQUIRE(lines.size() == 1);
  CHECK(lines.front().starts_with("error: `ALTER TABLE` cannot be read: "));
  CHECK(project.upgrade() == "refused-by-lint");
}
