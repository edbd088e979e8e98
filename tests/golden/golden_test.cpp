// The transcripts of this folder. Each is a ctest test of its own: golden "[transcript]" -c NAME.
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <map>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/base/text.hpp>
#include <migrate/version.hpp>

#include "golden/session.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_server.hpp"

namespace {

namespace fs = std::filesystem;
using migrate::test::TemporaryFolder;
using migrate::test::TestDatabase;
using migrate::test::TestServer;

std::string read(const fs::path& path) {
  auto text = migrate::read_file(path);
  if (!text) throw std::runtime_error(migrate::test::text_of(text.error()));
  return *std::move(text);
}

std::vector<fs::path> transcripts() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(fs::path(MIGRATE_SOURCE_DIR) / "tests/golden")) {
    if (entry.path().extension() == ".md" && entry.path().filename() != "README.md") paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string host_name() {
  char name[256] = "";
  if (::gethostname(name, sizeof name - 1) != 0) return {};
  return name;
}

/// A folder with a project, a home and a `migrate` on the PATH, and a database.
class Stage {
 public:
  Stage() {
    // An embedded PostgreSQL started by root runs as somebody else, who has to get in.
    if (::chmod(folder_.path().c_str(), 0755) != 0) throw std::runtime_error("cannot open " + folder_.path().string());
    for (const auto* name : {"project", "home", "bin"}) fs::create_directory(folder_ / name);
    fs::create_symlink(MIGRATE_PROGRAM, folder_ / "bin/migrate");
  }

  golden::World world() {
    golden::World world{{folder_ / "project", environment()}, normalizer(), {}, {}};
    world.execute = [this](const std::string& sql) { database_.execute(sql); };
    world.query = [this](const std::string& sql) { return rows(sql); };
    return world;
  }

 private:
  std::map<std::string, std::string> environment() {
    std::map<std::string, std::string> environment{{"PATH", (folder_ / "bin").string() + ":/usr/bin:/bin"},
                                                   {"HOME", (folder_ / "home").string()},
                                                   {"TZ", "UTC"},
                                                   {"DATABASE_URL", database_.url()}};
    // The one thing that a transcript shall not hide: how a sanitizer reports.
    for (const auto* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "MIGRATE_PG_BIN"}) {
      if (const char* value = std::getenv(name)) environment.emplace(name, value);
    }
    return environment;
  }

  golden::Normalizer normalizer() {
    const auto version = database_.value("SHOW server_version");
    const auto socket = TestServer::instance().socket_directory().string();
    std::vector<std::pair<std::string, std::string>> names{
        {"[CWD]", (folder_ / "project").string()},
        {"[HOME]", (folder_ / "home").string()},
        {"[DB]", database_.name()},
        {"[HOST]", socket},
        {"[VERSION]", version},
        {"[VERSION]", version.substr(0, version.find(' '))},
        {"[TOOL]", std::string(migrate::version)},
    };
    if (const auto host = host_name(); !host.empty()) {
      for (const auto* name : {"postgres", "root"})
        names.emplace_back("[USER]@[HOSTNAME]", fmt::format("{}@{}", name, host));
    }
    return {std::move(names), std::chrono::system_clock::now()};
  }

  golden::Lines rows(const std::string& sql) {
    golden::Lines lines;
    for (const auto& row : database_.rows(sql)) {
      std::string line;
      for (const auto& value : row) line.append(&value == &row.front() ? "" : "|").append(value.value_or("(null)"));
      lines.push_back(std::move(line));
    }
    return lines;
  }

  TemporaryFolder folder_;
  TestDatabase database_;
};

bool overwriting() {
  const char* value = std::getenv("GOLDEN_OVERWRITE");
  return value != nullptr && std::string_view(value) == "1";
}

void play(const fs::path& path) {
  const auto transcript = golden::parse_transcript(read(path));
  const auto mismatches = golden::run(transcript, Stage().world());
  if (overwriting() && !mismatches.empty()) {
    std::vector<golden::Replacement> replacements;
    for (const auto& mismatch : mismatches) replacements.push_back(mismatch.replacement);
    REQUIRE(migrate::write_file_atomically(path, golden::with_replacements(transcript, replacements)));
    WARN("wrote " << path.string());
    return;
  }
  std::string report;
  for (const auto& mismatch : mismatches) {
    report += fmt::format("{}:{}: $ {}\n{}\n", path.string(), mismatch.line, mismatch.what, mismatch.difference);
  }
  // Not INFO: Catch would break the lines.
  fmt::print("{}", report);
  CHECK(mismatches.empty());
}

}  // namespace

TEST_CASE("The program speaks as its transcripts have it", "[transcript]") {
  for (const auto& path : transcripts()) {
    DYNAMIC_SECTION(path.stem().string()) { play(path); }
  }
}
