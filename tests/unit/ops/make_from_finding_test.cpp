#include <migrate/ops/make_from_finding.hpp>

#include <fmt/format.h>

#include <migrate/base/file.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace migrate;
using namespace migrate::ops;

namespace {

class Project {
 public:
  Project() {
    settings_.migrations.value = {folder.path()};
    settings_.file_template.value = "timestamp";
    write("one", "", "CREATE TABLE users (id uuid CONSTRAINT pk_users PRIMARY KEY, email text);");
  }
  void write(const std::string& id, const std::string& parent, const std::string& sql) const {
    folder.write(id + ".sql", fmt::format("-- revision {0}\n--\n-- Revision ID: {0}\n-- Revises: {1}\n\n"
                                          "-- migrate:upgrade\n{2}\n\n-- migrate:downgrade irreversible\n-- a test\n",
                                          id, parent, sql));
  }
  [[nodiscard]] Result<MadeRewrite> make(const std::string& what) {
    auto context = make_context(settings_, silent_);
    context.now = [] { return *parse_timestamp("2026-05-06T07:08:09Z"); };
    context.random = [this] { return ++dice_ << 20U; };
    return make_from_finding(context, what, {});
  }
  [[nodiscard]] std::string error_of(const std::string& what) {
    const auto made = make(what);
    return made ? "none" : made.error().diagnostics.front().id;
  }

  test::TemporaryFolder folder;

 private:
  config::Settings settings_;
  Observer silent_;
  unsigned long long dice_ = 0;
};

}  // namespace

TEST_CASE("the safe form of a finding is written as revisions that stand on one another") {
  Project project;
  project.write("two", "one", "ALTER TABLE users ALTER COLUMN email SET NOT NULL;");
  const auto made = project.make("unproven-set-not-null");
  REQUIRE(made);
  REQUIRE(made->revisions.size() == 3);
  CHECK(made->replaces_part_of.id.str() == "two");
  REQUIRE(made->finding.primary);
  std::string parent = "two", before;
  for (const auto& one : made->revisions) {
    REQUIRE(one.parents.size() == 1);
    CHECK(one.parents.front().id.str() == parent);
    CHECK(one.written);
    CHECK(before < one.revision.path);
    parent = one.revision.id.str();
    before = one.revision.path;
  }
  const auto text = read_file(made->revisions[1].revision.path);
  REQUIRE(text);
  CHECK(text->find("VALIDATE CONSTRAINT") != std::string::npos);
}

TEST_CASE("what is no finding, or one of several, is refused with its own word") {
  Project project;
  CHECK(project.error_of("no-such-rule") == "unknown-rule");
  CHECK(project.error_of("unproven-set-not-null") == "no-such-finding");
  project.write("two", "one", "ALTER TABLE users ALTER COLUMN email SET NOT NULL;");
  project.write("three", "two",
                "ALTER TABLE users ADD COLUMN name text;\nALTER TABLE users ALTER COLUMN name SET NOT NULL;");
  CHECK(project.error_of("unproven-set-not-null") == "several-findings");
  CHECK(project.error_of("unproven-set-not-null@four") == "unknown-revision");
  CHECK(project.error_of("unproven-set-not-null@three") == "none");
}

TEST_CASE("a rule that knows no form in several revisions says so") {
  Project project;
  project.write("two", "one", "DROP TABLE users;");
  CHECK(project.error_of("drop-table") == "no-rewrite");
}
