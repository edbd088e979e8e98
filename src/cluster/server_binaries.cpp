#include <charconv>
#include <cstdlib>
#include <iterator>
#include <optional>
#include <set>
#include <utility>

#include <glob.h>
#include <unistd.h>

#include <fmt/format.h>

#include <migrate/base/log.hpp>
#include <migrate/base/text.hpp>
#include <migrate/cluster/cluster.hpp>

#include "cluster/data_directory.hpp"
#include "cluster/place.hpp"
#include "cluster/process.hpp"

namespace migrate::cluster {
namespace {

namespace fs = std::filesystem;

// Where packages put what is not on PATH.
constexpr const char* usual_folders[] = {
    "/usr/lib/postgresql/*/bin",          // Debian, Ubuntu
    "/usr/pgsql-*/bin",                   // RPM packages of the PostgreSQL project
    "/usr/lib/postgresql*/bin",           // openSUSE
    "/usr/lib64/postgresql*/bin",         // Gentoo
    "/usr/libexec/postgresql*",           // Alpine
    "/usr/local/pgsql/bin",               // from source
    "/opt/homebrew/opt/postgresql*/bin",  // Homebrew
    "/usr/local/opt/postgresql*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
};

/// What was looked at, and why it did not do.
struct Search {
  std::optional<ServerBinaries> best;
  std::set<fs::path> seen;
  std::vector<std::string> rejected;
  int wanted_major = 0;
};

/// "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)" -> "15.18"; "18beta1" stays.
std::optional<std::string> parse_version(std::string_view text) {
  constexpr std::string_view before = "(PostgreSQL) ";
  const auto begin = text.find(before);
  if (begin == std::string_view::npos) return std::nullopt;
  text = trim(text.substr(begin + before.size()));
  return std::string(text.substr(0, text.find_first_of(" \n")));
}

int leading_number(std::string_view text) {
  int number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

/// Orders by major and minor version; a beta is older than its release.
std::pair<int, int> rank(std::string_view version) {
  const auto dot = version.find('.');
  if (dot == std::string_view::npos) return {leading_number(version), -1};
  return {leading_number(version), leading_number(version.substr(dot + 1))};
}

bool can_run(const fs::path& program) { return ::access(program.c_str(), X_OK) == 0; }

void consider(Search& search, const fs::path& folder) {
  std::error_code failed;
  // Folders of PATH hold links to the programs as often as the programs.
  auto real = fs::canonical(folder / "postgres", failed).parent_path();
  if (failed || !can_run(real / "initdb")) real = fs::canonical(folder, failed);
  if (failed || !search.seen.insert(real).second) return;
  if (!can_run(real / "postgres") || !can_run(real / "initdb")) {
    search.rejected.push_back(fmt::format("{}: no `postgres` and `initdb` in it", folder.string()));
    return;
  }
  const auto ended = run_program({(real / "postgres").string(), "--version"}, current_user());
  const auto version = ended.ok() ? parse_version(ended.output) : std::nullopt;
  if (!version) {
    search.rejected.push_back(fmt::format("{}: {}", folder.string(), trim(ended.output)));
    return;
  }
  ServerBinaries found{real, *version, leading_number(*version)};
  log::trace("PostgreSQL {} in {}", found.version, real.string());
  const auto better = [&](const ServerBinaries& a, const ServerBinaries& b) {
    const bool a_wanted = a.major == search.wanted_major;
    const bool b_wanted = b.major == search.wanted_major;
    return a_wanted != b_wanted ? a_wanted : rank(a.version) > rank(b.version);
  };
  if (!search.best || better(found, *search.best)) search.best = std::move(found);
}

void consider_pattern(Search& search, const char* pattern) {
  glob_t found{};
  if (::glob(pattern, GLOB_ONLYDIR, nullptr, &found) == 0)
    for (std::size_t i = 0; i < found.gl_pathc; ++i) consider(search, found.gl_pathv[i]);
  ::globfree(&found);
}

void consider_path(Search& search) {
  const char* value = std::getenv("PATH");
  const std::string_view path = value == nullptr ? std::string_view{} : std::string_view{value};
  // Many folders of PATH have other programs in them: that is no finding.
  for (const auto folder : split(path, ':'))
    if (folder.starts_with('/') && can_run(fs::path(folder) / "postgres") && can_run(fs::path(folder) / "initdb"))
      consider(search, folder);
}

/// It takes its time, and says something new on few machines.
void consider_pg_config(Search& search) {
  const char* path = std::getenv("PATH");
  const auto pg_config = find_program("pg_config", path == nullptr ? "" : path);
  if (!pg_config) return;
  const auto ended = run_program({pg_config->string(), "--bindir"}, current_user());
  if (ended.ok()) consider(search, std::string(trim(ended.output)));
}

Unexpected<Failure> nothing_found(const Search& search, const std::string& override_directory) {
  auto trouble = override_directory.empty()
                     ? error("no-server-binaries", "no PostgreSQL server is installed")
                     : error("no-server-binaries", fmt::format("no PostgreSQL server in `{}`", override_directory));
  for (const auto& place : search.rejected) trouble.notes.push_back({"found", place});
  if (!override_directory.empty()) {
    trouble.notes.push_back({"note", "looked there, and in its folders bin and native/bin"});
    return fail(std::move(trouble).help("correct MIGRATE_PG_BIN: it names the folder with `postgres` and `initdb`"));
  }
  std::vector<std::string> places{"PATH"};
  places.insert(places.end(), std::begin(usual_folders), std::end(usual_folders));
  places.emplace_back("pg_config --bindir");
  return fail(std::move(trouble)
                  .note(fmt::format("looked in {}", fmt::join(places, ", ")))
                  .help("install it (Debian, Ubuntu: apt install postgresql), or name its folder: "
                        "MIGRATE_PG_BIN=DIRECTORY"));
}

Result<ServerBinaries> find(const std::string& override_directory, int wanted_major) {
  Search search;
  search.wanted_major = wanted_major;
  if (!override_directory.empty()) {
    const fs::path given(override_directory);
    for (const auto& folder : {given, given / "bin", given / "native" / "bin"})
      if (!search.best) consider(search, folder);
  } else {
    consider_path(search);
    for (const char* pattern : usual_folders) consider_pattern(search, pattern);
    if (!search.best) consider_pg_config(search);
  }
  if (!search.best) return nothing_found(search, override_directory);
  return *std::move(search.best);
}

}  // namespace

Result<ServerBinaries> find_server_binaries(const std::string& override_directory) {
  return find(override_directory, 0);
}

Result<ServerBinaries> find_server_binaries(const std::string& override_directory, const fs::path& cluster_directory) {
  const auto place = find_place(cluster_directory, {});
  return find(override_directory, place ? leading_number(data_version(*place)) : 0);
}

Result<ServerBinaries> find_server_binaries_of(const std::string& override_directory, int major) {
  for (const std::string& folder : {override_directory, std::string()}) {
    auto found = find(folder, major);
    if (found && found->major == major) return found;
  }
  return fail(error("no-server-binaries", fmt::format("no PostgreSQL {} server is installed", major))
                  .help(fmt::format("install it (Debian, Ubuntu: apt install postgresql-{}), or name its folder: "
                                    "MIGRATE_PG_BIN=DIRECTORY",
                                    major)));
}

}  // namespace migrate::cluster
