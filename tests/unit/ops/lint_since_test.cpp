// A branch of a git repository: what it brings is judged, and what was there must stay.
#include <cstdlib>

#include <fmt/format.h>

#include <migrate/ops/lint.hpp>

#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace migrate;
using namespace migrate::ops;

namespace {

std::string revision_text(const std::string& id, const std::string& parent, const std::string& sql) {
  return fmt::format(
      "-- revision {0}\n--\n-- Revision ID: {0}\n-- Revises: {1}\n\n-- migrate:upgrade\n{2}\n\n"
      "-- migrate:downgrade irreversible\n-- a test\n",
      id, parent, sql);
}

bool has_git() { return std::system("git --version > /dev/null 2>&1") == 0; }

/// A repository with two revisions on its branch `main`; the working folder is on another branch.
class Repository {
 public:
  Repository() {
    write("one", "", "CREATE TABLE a (id uuid CONSTRAINT pk_a PRIMARY KEY);");
    write("two", "one", "CREATE TABLE b (id uuid CONSTRAINT pk_b PRIMARY KEY, c text NOT NULL);");
    git("init -q -b main");
    git("config user.email test@example.org");
    git("config user.name Test");
    git("add -A");
    git("commit -q -m start");
    git("checkout -q -b work");
  }

  void write(const std::string& id, const std::string& parent, const std::string& sql) const {
    folder.write(fmt::format("db/{}.sql", id), revision_text(id, parent, sql));
  }
  void git(const std::string& words) const {
    const auto command = fmt::format("git -C '{}' {} > /dev/null 2>&1", folder.path().string(), words);
    INFO(command);
    REQUIRE(std::system(command.c_str()) == 0);
  }

  [[nodiscard]] Result<LintOutcome> lint_since(const std::string& commit) const {
    config::Settings settings;
    settings.migrations.value = {folder / "db"};
    Observer silent;
    const auto context = make_context(settings, silent);
    return lint(context, {.targets = {}, .since = commit});
  }
  [[nodiscard]] std::string findings_since(const std::string& commit) const {
    const auto outcome = lint_since(commit);
    if (!outcome) return outcome.error().diagnostics.front().id;
    std::string text = fmt::format("{} judged", outcome->revisions);
    for (const auto& finding : outcome->findings) {
      text += "; " + finding.diagnostic.id;
      if (finding.rule == nullptr) text += ": " + finding.diagnostic.message;
    }
    return text;
  }

  test::TemporaryFolder folder;
};

}  // namespace

TEST_CASE("only what a branch brings is judged") {
  if (!has_git()) {
    WARN("git is not here: not tested");
    return;
  }
  const Repository repository;
  CHECK(repository.findings_since("main") == "0 judged");
  repository.write("three", "two", "CREATE INDEX ix_b_c ON b (c);");
  CHECK(repository.findings_since("main") == "1 judged; non-concurrent-index");
  repository.git("add -A");
  repository.git("commit -q -m three");
  CHECK(repository.findings_since("main") == "1 judged; non-concurrent-index");
  CHECK(repository.findings_since("HEAD") == "0 judged");
}

TEST_CASE("what others brought to the main branch meanwhile is not missed here") {
  if (!has_git()) {
    WARN("git is not here: not tested");
    return;
  }
  const Repository repository;
  repository.git("checkout -q main");
  repository.write("theirs", "two", "SELECT 1;");
  repository.git("add -A");
  repository.git("commit -q -m theirs");
  repository.git("checkout -q work");
  CHECK(repository.findings_since("main") == "0 judged");
}

TEST_CASE("an edited or deleted revision of the main branch is an error, a new comment or name is not") {
  if (!has_git()) {
    WARN("git is not here: not tested");
    return;
  }
  const Repository repository;
  repository.write("two", "one", "-- better\nCREATE TABLE b (id uuid CONSTRAINT pk_b PRIMARY KEY, c text NOT NULL);");
  std::filesystem::rename(repository.folder / "db/two.sql", repository.folder / "db/2.sql");
  CHECK(repository.findings_since("main") == "1 judged");
  std::filesystem::remove(repository.folder / "db/2.sql");
  CHECK(repository.findings_since("main") ==
        "0 judged; deleted-revision: revision two is in `main`, and its file is gone");
  repository.write("two", "one", "CREATE TABLE b (id uuid CONSTRAINT pk_b PRIMARY KEY, c text);");
  CHECK(repository.findings_since("main") ==
        "1 judged; edited-revision: revision two is in `main` already, and its upgrade was changed");
}

TEST_CASE("a commit that git does not know, and a folder that is in no repository, are refused") {
  if (!has_git()) {
    WARN("git is not here: not tested");
    return;
  }
  const Repository repository;
  CHECK(repository.findings_since("nowhere") == "unknown-git-revision");
  CHECK(repository.findings_since("--upload-pack=x") == "unknown-git-revision");
  std::filesystem::remove_all(repository.folder / ".git");
  CHECK(repository.findings_since("main") == "not-a-repository");
}
