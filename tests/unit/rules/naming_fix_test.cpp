// A better name is written wherever the file speaks of the thing, or nowhere.
#include <migrate/rules/judge.hpp>

#include <algorithm>

#include "support/catch.hpp"

using namespace migrate;

namespace {

// The file after all fixes of the naming rules.
std::string fixed(const std::string& upgrade, const std::string& downgrade) {
  const auto source = make_source("a.sql", "-- Example\n--\n-- Revision ID: a1\n-- Revises:\n\n-- migrate:upgrade\n" +
                                               upgrade + "\n-- migrate:downgrade\n" + downgrade);
  const auto file = revision::parse_revision(source);
  REQUIRE(file);
  const auto judged = rules::read_revision(source, *file, false);
  REQUIRE(judged);
  auto selection = *rules::preset("none");
  for (const auto* rule : rules::all_rules()) {
    if (rule->category == rules::Category::naming) selection.levels[std::string(rule->id)] = rule->level;
  }
  rules::Options options;
  options.naming = *rules::naming_preset("prefixed");
  const rules::Candidate candidate{.upgrade = &*judged};
  const auto verdict = rules::judge({&candidate, 1}, {}, selection, options);
  CHECK_FALSE(verdict.findings.empty());
  std::vector<Edit> edits;
  for (const auto& one : verdict.findings) edits.insert(edits.end(), one.finding.fix.begin(), one.finding.fix.end());
  std::sort(edits.begin(), edits.end(), [](const Edit& a, const Edit& b) { return a.range > b.range; });
  std::string text(source->text());
  for (const auto& edit : edits) text.replace(edit.range.begin, edit.range.size(), edit.replacement);
  const auto begin = text.find("-- migrate:upgrade\n") + 19;
  return text.substr(begin);
}

std::string file_of(const std::string& upgrade, const std::string& downgrade) {
  return upgrade + "\n-- migrate:downgrade\n" + downgrade;
}

}  // namespace

TEST_CASE("an index that is dropped in the downgrade gets its better name there, too") {
  CHECK(fixed("CREATE INDEX users_email ON users (email);", "DROP INDEX IF EXISTS public.users_email;") ==
        file_of("CREATE INDEX ix_users_email ON users (email);", "DROP INDEX IF EXISTS public.ix_users_email;"));
  CHECK(
      fixed("CREATE INDEX CONCURRENTLY Users_Email ON users (email);", "DROP INDEX CONCURRENTLY \"users_email\";") ==
      file_of("CREATE INDEX CONCURRENTLY ix_users_email ON users (email);", "DROP INDEX CONCURRENTLY ix_users_email;"));
}

TEST_CASE("a constraint that is validated and dropped gets its better name there, too") {
  CHECK(fixed("ALTER TABLE users ADD CONSTRAINT age_positive CHECK (age > 0) NOT VALID;\n"
              "ALTER TABLE users VALIDATE CONSTRAINT age_positive;",
              "ALTER TABLE users DROP CONSTRAINT age_positive;") ==
        file_of("ALTER TABLE users ADD CONSTRAINT ck_users_age_positive CHECK (age > 0) NOT VALID;\n"
                "ALTER TABLE users VALIDATE CONSTRAINT ck_users_age_positive;",
                "ALTER TABLE users DROP CONSTRAINT ck_users_age_positive;"));
}

TEST_CASE("a name stays where the better one is not sure to be the same thing") {
  const std::string create = "CREATE INDEX users_email ON users (email);";
  const auto stays = [](const std::string& upgrade, const std::string& downgrade) {
    CHECK(fixed(upgrade, downgrade) == file_of(upgrade, downgrade));
  };
  SECTION("a text speaks of it") { stays(create, "DO $$ BEGIN EXECUTE 'DROP INDEX users_email'; END $$;"); }
  SECTION("something else has the name") { stays(create, "ALTER TABLE t DROP COLUMN users_email;"); }
  SECTION("it is made twice") { stays(create, "DROP INDEX users_email;\nCREATE INDEX users_email ON users (id);"); }
  SECTION("it may have been there") { stays("CREATE INDEX IF NOT EXISTS users_email ON users (email);", "SELECT 1;"); }
  SECTION("the better name is in the file") {
    stays(create, "DROP INDEX users_email;\nCREATE INDEX ix_users_email ON users (id);");
  }
  SECTION("the better name is taken") {
    stays("CREATE TABLE users (id bigint, email text);\nCREATE INDEX IX_USERS_EMAIL ON users (id);\n" + create,
          "SELECT 1;");
  }
  SECTION("it takes the place of an earlier one") {
    stays("ALTER TABLE users DROP CONSTRAINT old_key, ADD CONSTRAINT old_key UNIQUE (email);", "SELECT 1;");
  }
  SECTION("it is one of several") { stays(create, "DROP INDEX users_name, users_email;"); }
}

TEST_CASE("two things of one name in one file keep it") {
  const std::string upgrade =
      "CREATE TABLE a (n int, CONSTRAINT positive CHECK (n > 0));\n"
      "CREATE TABLE b (n int, CONSTRAINT positive CHECK (n > 0));";
  CHECK(fixed(upgrade, "SELECT 1;") == file_of(upgrade, "SELECT 1;"));
}
