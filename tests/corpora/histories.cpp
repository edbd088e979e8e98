/// \file
/// Real histories of other projects: what `migrate` makes of them must be what psql makes of the same files.

#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <map>
#include <sstream>

#include <fmt/format.h>

#include "support/catch.hpp"
#include "support/test_server.hpp"

using namespace migrate::test;
namespace fs = std::filesystem;

namespace {

struct Ran {
  int status = 0;
  std::string output;
};

Ran run(const std::string& command) {
  Ran ran;
  auto* pipe = ::popen((command + " 2>&1 </dev/null").c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> chunk{};
  while (const auto size = std::fread(chunk.data(), 1, chunk.size(), pipe)) ran.output.append(chunk.data(), size);
  const int status = ::pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return ran;
}

std::string quoted(const std::string& word) { return "'" + word + "'"; }

/// A line of roundtrip.tsv: what PostgreSQL said of a migration.
struct Known {
  std::string file;
  bool transaction = true;
  bool down_empty = false;
  std::string down_ok;  ///< "true", "false", or empty where there is no down
  bool equal = false;
  bool redo_ok = false;
};

std::vector<Known> read_known(const fs::path& history) {
  std::ifstream stream(history / "roundtrip.tsv");
  std::vector<Known> all;
  std::string line;
  std::getline(stream, line);
  while (std::getline(stream, line)) {
    std::istringstream fields(line);
    std::array<std::string, 8> field;
    for (auto& text : field) std::getline(fields, text, '\t');
    all.push_back({field[0], field[1] != "notx", field[3] == "true", field[4], field[5] == "true", field[7] == "true"});
  }
  REQUIRE_FALSE(all.empty());
  return all;
}

/// Which of a history can be applied, and how many of its last downgrades are tried.
struct Case {
  std::string name;
  std::size_t downgrades = 40;
  std::string stops_at = {};  ///< this file cannot be applied by anyone
};

const std::vector<Case> cases{
    {"docs-rs", 33},
    {"concourse"},
    {"openmeter"},
    {"crates-io", 51},  // as far as a downgrade that PostgreSQL refuses
    {"hatchet", 40, "0182_20260424205453_v1_0_100"},
};

const Case& case_of(const std::string& name) {
  const auto found = std::find_if(cases.begin(), cases.end(), [&](const Case& one) { return one.name == name; });
  REQUIRE(found != cases.end());
  return *found;
}

class Project {
 public:
  explicit Project(const fs::path& history) {
    REQUIRE(migrate("import golang-migrate " + quoted(history.string())).status == 0);
  }

  Ran migrate(const std::string& arguments) const {
    return run(fmt::format("cd {} && DATABASE_URL={} {} --dir migrations {}", quoted(folder_.path().string()),
                           quoted(database_.url()), quoted(MIGRATE_PROGRAM), arguments));
  }

  const TestDatabase& database() const { return database_; }
  std::string applied() { return database_.value("SELECT count(*) FROM migrate_revision"); }

 private:
  TemporaryFolder folder_;
  TestDatabase database_;
};

std::string client(const std::string& name) { return (server_binaries().directory / name).string(); }

std::string schema_of(const TestDatabase& database) {
  const auto dump = run(fmt::format("{} --schema-only -T migrate_revision -T migrate_log -d {}",
                                    quoted(client("pg_dump")), quoted(database.url())));
  INFO(dump.output);
  REQUIRE(dump.status == 0);
  // Newer dumps carry a random key in these lines.
  std::istringstream lines(dump.output);
  std::string text;
  for (std::string line; std::getline(lines, line);)
    if (!line.starts_with("\\restrict") && !line.starts_with("\\unrestrict")) text += line + "\n";
  return text;
}

bool with_psql(const TestDatabase& database, const fs::path& file, bool transaction) {
  return run(fmt::format("{} -X -q {} -v ON_ERROR_STOP=1 -d {} -f {}", quoted(client("psql")), transaction ? "-1" : "",
                         quoted(database.url()), quoted(file.string())))
             .status == 0;
}

/// The files one after the other; how many succeeded before one did not.
std::size_t apply_with_psql(const TestDatabase& database, const fs::path& history, const std::vector<Known>& known) {
  for (std::size_t i = 0; i < known.size(); ++i) {
    if (!with_psql(database, history / (known[i].file + ".up.sql"), known[i].transaction)) return i;
  }
  return known.size();
}

/// How many of the history can be applied.
std::size_t applicable(const Case& one, const std::vector<Known>& known) {
  const auto stop = std::find_if(known.begin(), known.end(), [&](const Known& k) { return k.file == one.stops_at; });
  return static_cast<std::size_t>(stop - known.begin());
}

bool missing(const fs::path& what) {
  if (fs::exists(what)) return false;
  std::cerr << "SKIPPED: there is no " << what.string() << '\n';
  return true;
}

/// None where the test cannot run.
std::optional<fs::path> history_named(const std::string& name) {
  const auto folder = fs::path(MIGRATE_SOURCE_DIR "/../shared/corpora/histories") / name;
  if (missing(folder) || missing(client("pg_dump")) || missing(client("psql"))) return std::nullopt;
  return folder;
}

/// How far a history is undone from its end, one downgrade after the other: all of it takes minutes.
std::size_t steps_down(std::size_t count) {
  constexpr std::size_t in_a_short_run = 12;
  return std::getenv("MIGRATE_CORPORA_ALL") != nullptr ? count : std::min(count, in_a_short_run);
}

/// From the end down, as psql does it with the same files: as far as psql comes, and no farther.
void check_way_down(const std::string& name, Project& project, const TestDatabase& reference, const fs::path& history,
                    const std::vector<Known>& known, std::size_t count) {
  constexpr std::size_t compared_every = 10;
  std::size_t done = 0;
  for (; done < steps_down(count); ++done) {
    const auto& revision = known[count - 1 - done];
    INFO(revision.file);
    const auto down = project.migrate("downgrade -1");
    INFO(down.output);
    if (revision.down_empty || revision.down_ok.empty()) {
      // For psql there is nothing to do; migrate says that it is not undone, and is told to look away.
      REQUIRE(down.status == 2);
      REQUIRE(down.output.find("error[irreversible-revision]") != std::string::npos);
      const auto below = count - 1 - done;
      REQUIRE(project.migrate("stamp " + (below == 0 ? "base" : known[below - 1].file.substr(0, 4))).status == 0);
      continue;
    }
    if (!with_psql(reference, history / (revision.file + ".down.sql"), revision.transaction)) {
      std::cerr << name << ": psql cannot undo " << revision.file << '\n';
      CHECK(down.status == 4);
      CHECK(down.output.find(".sql:") != std::string::npos);
      CHECK(down.output.find("rolled back") != std::string::npos);
      break;
    }
    REQUIRE(down.status == 0);
    if (done % compared_every == compared_every - 1) REQUIRE(schema_of(project.database()) == schema_of(reference));
  }
  CHECK(project.applied() == std::to_string(count - done));
  CHECK(schema_of(project.database()) == schema_of(reference));
  std::cerr << name << ": " << done << " of " << count << " undone, as psql does it\n";
}

void check_way_up_and_down(const std::string& name) {
  const auto history = history_named(name);
  if (!history) return;
  const auto& one = case_of(name);
  const auto known = read_known(*history);
  const auto expected = applicable(one, known);

  const TestDatabase reference;
  REQUIRE(apply_with_psql(reference, *history, known) == expected);

  Project project(*history);
  const auto upgraded = project.migrate("upgrade heads");
  INFO(upgraded.output);
  if (one.stops_at.empty()) {
    REQUIRE(upgraded.status == 0);
  } else {
    CHECK(upgraded.status == 4);
    // The file is named after its number and where in it.
    CHECK(upgraded.output.find("migrations/" + one.stops_at.substr(0, 4)) != std::string::npos);
    CHECK(upgraded.output.find(".sql:") != std::string::npos);
  }
  REQUIRE(project.applied() == std::to_string(expected));
  REQUIRE(schema_of(project.database()) == schema_of(reference));
  check_way_down(name, project, reference, *history, known, expected);
}

/// One revision: up, down, and up again for the next one.
void check_downgrade(Project& project, const Known& known) {
  INFO(known.file);
  const bool tried = !known.down_empty && !known.down_ok.empty();
  const auto before = tried && known.equal ? schema_of(project.database()) : std::string();
  REQUIRE(project.migrate("upgrade +1").status == 0);
  // Where the down leaves what the up cannot be run on again, the next ones would have nothing to stand on.
  if (!tried || (known.down_ok == "true" && !known.redo_ok)) return;

  const auto applied = project.applied();
  const auto down = project.migrate("downgrade -1");
  INFO(down.output);
  if (known.down_ok == "false") {
    CHECK(down.status == 4);
    CHECK(project.applied() == applied);
    return;
  }
  REQUIRE(down.status == 0);
  if (known.equal) CHECK(schema_of(project.database()) == before);
  REQUIRE(project.migrate("upgrade +1").status == 0);
}

void check_downgrades(const std::string& name) {
  const auto history = history_named(name);
  if (!history) return;
  const auto& one = case_of(name);
  const auto known = read_known(*history);
  const auto count = applicable(one, known);
  const auto first = count - std::min(count, one.downgrades);

  Project project(*history);
  if (first > 0) {
    const auto upgraded = project.migrate(fmt::format("upgrade +{}", first));
    INFO(upgraded.output);
    REQUIRE(upgraded.status == 0);
  }
  for (auto i = first; i < count; ++i) check_downgrade(project, known[i]);
}

}  // namespace

TEST_CASE("Every history in the corpora is tested") {
  const fs::path folder(MIGRATE_SOURCE_DIR "/../shared/corpora/histories");
  if (missing(folder)) return;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.is_directory()) CHECK(case_of(entry.path().filename().string()).name == entry.path().filename().string());
}

TEST_CASE("docs-rs becomes the schema that psql makes of it, and goes down as psql does") {
  check_way_up_and_down("docs-rs");
}
TEST_CASE("concourse becomes the schema that psql makes of it, and goes down as psql does") {
  check_way_up_and_down("concourse");
}
TEST_CASE("openmeter becomes the schema that psql makes of it, and goes down as psql does") {
  check_way_up_and_down("openmeter");
}
TEST_CASE("crates-io becomes the schema that psql makes of it, and goes down as psql does") {
  check_way_up_and_down("crates-io");
}
TEST_CASE("hatchet stops where psql stops and is its schema until there and on the way down") {
  check_way_up_and_down("hatchet");
}

TEST_CASE("downgrades of docs-rs do what PostgreSQL says of them") { check_downgrades("docs-rs"); }
TEST_CASE("downgrades of concourse do what PostgreSQL says of them") { check_downgrades("concourse"); }
TEST_CASE("downgrades of openmeter do what PostgreSQL says of them") { check_downgrades("openmeter"); }
TEST_CASE("downgrades of crates-io do what PostgreSQL says of them") { check_downgrades("crates-io"); }
TEST_CASE("downgrades of hatchet do what PostgreSQL says of them") { check_downgrades("hatchet"); }
