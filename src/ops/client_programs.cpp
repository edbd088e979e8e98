#include "ops/client_programs.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>

#include <fmt/format.h>

#include <migrate/base/program.hpp>
#include <migrate/base/text.hpp>

namespace migrate::ops {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> candidates(const Context& context) {
  std::vector<fs::path> folders;
  if (const std::string& given = context.settings.pg_bin.value; !given.empty()) {
    folders.insert(folders.end(), {given, fs::path(given) / "bin", fs::path(given) / "native" / "bin"});
  }
  std::error_code ignored;
  for (const char* root : {"/usr/lib/postgresql", "/usr/local/pgsql", "/opt/homebrew/opt"}) {
    for (fs::directory_iterator entry(root, ignored), end; !ignored && entry != end; entry.increment(ignored)) {
      folders.push_back(entry->path() / "bin");
    }
  }
  folders.emplace_back("/usr/local/pgsql/bin");
  const char* path = std::getenv("PATH");
  std::string_view rest = path ? path : "";
  while (!rest.empty()) {
    const auto end = std::min(rest.find(':'), rest.size());
    if (end > 0) folders.emplace_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  return folders;
}

// "pg_dump (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)": 15.
std::optional<int> major_of(const fs::path& folder) {
  std::error_code ignored;
  for (const char* name : {"pg_dump", "pg_restore", "psql"}) {
    if (!fs::exists(folder / name, ignored)) return std::nullopt;
  }
  const auto ended = run_program({.words = {(folder / "pg_dump").string(), "--version"}});
  if (!ended || !ended->ok()) return std::nullopt;
  const auto bracket = ended->output.find(") ");
  if (bracket == std::string::npos) return std::nullopt;
  const int major = std::atoi(ended->output.c_str() + bracket + 2);
  return major > 0 ? std::optional(major) : std::nullopt;
}

}  // namespace

Result<fs::path> find_client_programs(const Context& context, int server_major) {
  std::optional<std::pair<int, fs::path>> best;
  std::set<int> seen;
  for (const auto& folder : candidates(context)) {
    const auto major = major_of(folder);
    if (!major) continue;
    seen.insert(*major);
    if (*major < server_major || (best && best->first <= *major)) continue;
    best = {*major, folder};
    if (*major == server_major) break;
  }
  if (best) return best->second;
  auto problem = error("no-client-programs",
                       fmt::format("no pg_dump that can read a PostgreSQL {} server was found", server_major))
                     .note("state", "nothing was changed");
  if (!seen.empty()) {
    problem = std::move(problem).note("found",
                                      fmt::format("version {}: an older one refuses a newer server", *seen.rbegin()));
  }
  return fail(std::move(problem).help(fmt::format(
                  "install postgresql-client-{}, or name its folder: MIGRATE_PG_BIN=DIRECTORY", server_major)),
              ExitCode::unreachable);
}

}  // namespace migrate::ops
