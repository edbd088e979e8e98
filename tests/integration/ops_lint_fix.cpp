/// \file
/// `lint --fix` on a server: the mended history runs up and down, and gives the same schema but for the names.

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/ops/lint.hpp>
#include <migrate/ops/migration.hpp>

#include "support/catch.hpp"
#include "support/test_server.hpp"

using namespace migrate;
using namespace migrate::test;

namespace {

struct File {
  std::string upgrade, downgrade;
};

// Wrong names that nothing else says, that the file itself says, and that later ones say in each way there is.
const std::vector<File> history{
    {"CREATE TABLE account (id bigint PRIMARY KEY, email text, age int, name text);\n"
     "CREATE INDEX account_email ON account (email);\n"
     "CREATE INDEX account_name ON account (name);\n"
     "CREATE INDEX \"Account_Age\" ON account (age);\n"
     "CREATE INDEX account_lower_name ON account (lower(name));\n"
     "CREATE INDEX account_age_email ON account (age, email);\n"
     "ALTER TABLE account ADD CONSTRAINT age_positive CHECK (age > 0) NOT VALID;\n"
     "ALTER TABLE account ADD CONSTRAINT name_given CHECK (name <> '') NOT VALID;\n"
     "ALTER TABLE account ADD CONSTRAINT one_email UNIQUE (email);",
     "DROP TABLE account;"},
    {"CREATE INDEX account_both ON account (name, email);", "DROP INDEX account_both;"},
    {"ALTER TABLE account VALIDATE CONSTRAINT age_positive;", "SELECT 1;"},
    {"DROP INDEX account_email;", "CREATE INDEX account_email ON account (email);"},
    {"DO $$ BEGIN EXECUTE 'DROP INDEX account_name'; END $$;", "CREATE INDEX account_name ON account (name);"},
    {"COMMENT ON INDEX \"Account_Age\" IS 'for the report';", "COMMENT ON INDEX \"Account_Age\" IS NULL;"},
    {"INSERT INTO account (id, email, age, name) VALUES (1, 'a@b.c', 3, 'a')\n"
     "  ON CONFLICT ON CONSTRAINT one_email DO NOTHING;",
     "DELETE FROM account WHERE id = 1;"},
    {"ALTER TABLE account ADD UNIQUE (name);", "ALTER TABLE account DROP CONSTRAINT account_name_key;"},
    {"ALTER TABLE account ADD UNIQUE (age, name);", "DROP INDEX IF EXISTS nothing;"},
    {"CREATE INDEX one ON account (age, name) WHERE id > 1;", "DROP INDEX one;"},
    {"CREATE INDEX two ON account (age, name) WHERE id > 2;", "DROP INDEX two;"},
};

class Project {
 public:
  Project() {
    folder_.write("migrate.toml",
                  "[naming]\npreset = \"ix-short\"\nunnamed = \"require\"\n[naming.index]\ntemplate = "
                  "\"ix_{table}_{columns}\"\n");
    std::string parent;
    for (std::size_t i = 0; i < history.size(); ++i) {
      const std::string id = fmt::format("a{}", i);
      folder_.write(fmt::format("migrations/{}.sql", id),
                    fmt::format("-- {0}\n--\n-- Revision ID: {0}\n-- Revises: {1}\n\n-- migrate:upgrade\n{2}\n\n"
                                "-- migrate:downgrade\n{3}\n",
                                id, parent, history[i].upgrade, history[i].downgrade));
      parent = id;
    }
    config::Flags flags;
    flags.settings_file = folder_ / "migrate.toml";
    auto loaded = config::load_settings(flags, {{"DATABASE_URL", database_.url()}}, folder_.path());
    if (!loaded) throw std::runtime_error(text_of(loaded.error()));
    settings_ = std::move(loaded->settings);
  }

  ops::LintOutcome lint(ops::Fixing fixing) {
    auto outcome = ops::lint(ops::make_context(settings_, silent_), {.targets = {}, .since = {}, .fixing = fixing});
    if (!outcome) throw std::runtime_error(text_of(outcome.error()));
    return *std::move(outcome);
  }

  void up() { check(ops::upgrade(ops::make_context(settings_, silent_), "head", without_rules())); }
  void down() { check(ops::downgrade(ops::make_context(settings_, silent_), "base", without_rules())); }

  // "unique index (age, name)", "CHECK (age > 0)": without names.
  std::vector<std::string> things() {
    std::vector<std::string> lines;
    for (const auto& row :
         database_.rows("SELECT regexp_replace(pg_get_indexdef(indexrelid), ' INDEX \\S+ ON ', ' INDEX ON ')"
                        " || coalesce(' -- ' || obj_description(indexrelid), '') FROM pg_index WHERE indrelid = "
                        "'account'::regclass "
                        "UNION ALL SELECT pg_get_constraintdef(oid) || ' ' || convalidated FROM pg_constraint "
                        "WHERE conrelid = 'account'::regclass")) {
      lines.push_back(*row[0]);
    }
    std::sort(lines.begin(), lines.end());
    return lines;
  }

  bool has_name(const std::string& name) {
    return database_.value(fmt::format("SELECT (EXISTS (SELECT FROM pg_class WHERE relname = '{0}') OR "
                                       "EXISTS (SELECT FROM pg_constraint WHERE conname = '{0}'))::text",
                                       name)) == "true";
  }

  bool is_empty() { return database_.value("SELECT (to_regclass('account') IS NULL)::text") == "true"; }

 private:
  static ops::RunOptions without_rules() {
    ops::RunOptions options;
    options.lint = false;
    return options;
  }
  static void check(const ops::MigrationOutcome& outcome) {
    if (outcome.failure) throw std::runtime_error(text_of(*outcome.failure));
  }

  TestDatabase database_;
  TemporaryFolder folder_;
  config::Settings settings_;
  ops::Observer silent_;
};

}  // namespace

TEST_CASE("a mended history runs up and down, and gives the same schema but for the names") {
  Project as_it_was, mended;
  as_it_was.up();
  const auto outcome = mended.lint(ops::Fixing::write);
  CHECK(outcome.written);
  mended.up();
  CHECK(mended.things() == as_it_was.things());

  // Renamed: what nobody else says.
  CHECK(mended.has_name("ix_account_age_email"));
  CHECK_FALSE(mended.has_name("account_both"));
  CHECK(mended.has_name("uq_account_age_name"));
  // Two get one name: the first has it.
  CHECK(mended.has_name("ix_account_age_name"));
  CHECK(mended.has_name("two"));
  // Kept: what later files or the file's own downgrade say.
  for (const std::string name : {"Account_Age", "age_positive", "one_email", "account_name_key"}) {
    INFO(name);
    CHECK(mended.has_name(name));
  }
  mended.down();
  CHECK(mended.is_empty());
}

TEST_CASE("a name that a later revision speaks of is told, with who speaks of it") {
  Project project;
  const auto outcome = project.lint(ops::Fixing::show);
  std::string found;
  for (const auto& finding : outcome.findings) {
    if (finding.diagnostic.message.find("age_positive") == std::string::npos) continue;
    for (const auto& note : finding.diagnostic.notes) found += note.text + "\n";
  }
  INFO(found);
  CHECK(found.find("a2.sql speaks of it too: it is not renamed by itself") != std::string::npos);
  const bool promised = std::any_of(outcome.findings.begin(), outcome.findings.end(), [](const auto& finding) {
    return finding.fixable && finding.diagnostic.message.find("age_positive") != std::string::npos;
  });
  CHECK_FALSE(promised);
}
