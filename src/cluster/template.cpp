#include "cluster/template.hpp"

#include <array>
#include <clocale>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <system_error>
#include <vector>

#include <locale.h>
#include <unistd.h>

#include <fmt/format.h>

#include <migrate/base/digest.hpp>
#include <migrate/base/file.hpp>
#include <migrate/base/log.hpp>
#include <migrate/base/system_error.hpp>
#include <migrate/base/text.hpp>

#include "cluster/as_user.hpp"
#include "cluster/file_lock.hpp"
#include "cluster/process.hpp"

namespace migrate::cluster {
namespace {

namespace fs = std::filesystem;

/// Raised when what is made here changes.
constexpr int template_format = 1;
/// Written last: tells how much there was, so that a template that lost a file to some cleaner is seen.
constexpr std::string_view seal = "migrate-template";

Unexpected<Failure> program_failed(const std::string& what, const Ended& ended, std::string help) {
  return fail(
      error("cluster-failed", what + " failed").note("output", std::string(trim(ended.output))).help(std::move(help)),
      ExitCode::unreachable);
}

bool has_locale(const char* name) {
  const locale_t locale = ::newlocale(LC_CTYPE_MASK, name, nullptr);
  if (locale == nullptr) return false;
  ::freelocale(locale);
  return true;
}

std::vector<std::string> initdb_options(const ServerBinaries& binaries) {
  std::vector<std::string> options{"--username=postgres", "--encoding=UTF8", "--locale=C", "--auth=trust", "--no-sync",
                                   "--no-instructions",
                                   // A third of the bytes to copy would be an empty log otherwise.
                                   "--wal-segsize=1"};
  // Sorted by bytes, as with C; but upper() and lower() know more than ASCII.
  if (has_locale("C.UTF-8")) options.emplace_back("--lc-ctype=C.UTF-8");
  // The default since 18; it costs time, and finds what can't happen to throw-away data.
  if (binaries.major >= 18) options.emplace_back("--no-data-checksums");
  return options;
}

fs::path template_in(const fs::path& cache, const ServerBinaries& binaries) {
  std::error_code ignored;
  const auto real = fs::canonical(binaries.directory, ignored);
  const auto key = fmt::format("{}\n{}\n{}\n{}", template_format, binaries.version, real.string(),
                               fmt::join(initdb_options(binaries), " "));
  return cache / fmt::format("template-{}-{}", binaries.version, sha256_hex(key).substr(0, 16));
}

/// "968 files, 40123456 bytes".
std::optional<std::string> measure(const fs::path& folder) {
  std::uintmax_t files = 0;
  std::uintmax_t bytes = 0;
  std::error_code failed;
  for (fs::recursive_directory_iterator entry(folder, failed), end; entry != end && !failed; entry.increment(failed)) {
    if (!entry->is_regular_file(failed) || entry->path().filename() == seal) continue;
    ++files;
    bytes += entry->file_size(failed);
  }
  if (failed) return std::nullopt;
  return fmt::format("{} files, {} bytes\n", files, bytes);
}

bool is_whole(const fs::path& folder) {
  const auto sealed = read_file(folder / seal);
  if (!sealed) return false;
  const auto present = measure(folder);
  return present && *present == *sealed;
}

Result<void> initialise(const fs::path& folder, const ServerBinaries& binaries, const ServerUser& user,
                        const FileLock& lock) {
  const auto initdb = binaries.directory / "initdb";
  std::vector<std::string> arguments{initdb.string(), "-D", folder.string()};
  for (auto& option : initdb_options(binaries)) arguments.push_back(std::move(option));
  // The servers that a killed initdb leaves behind go on writing for a moment.
  const auto ended = run_program(arguments, user, std::array{lock.descriptor()});
  if (ended.ok()) return {};
  return program_failed(fmt::format("`{}` (as user `{}`)", initdb.string(), user.name), ended,
                        fmt::format("check that `{}` can run it and write to `{}`, or name another PostgreSQL: "
                                    "MIGRATE_PG_BIN=DIRECTORY",
                                    user.name, folder.parent_path().string()));
}

/// Requires: `lock` is the cache's exclusive lock.
Result<void> make_template(const fs::path& folder, const ServerBinaries& binaries, const ServerUser& user,
                           const FileLock& lock) {
  log::debug("make the template {}", folder.string());
  const auto unfinished = folder.parent_path() / "unfinished";
  MIGRATE_TRY(remove_trees({unfinished, folder}, user));
  MIGRATE_TRY(initialise(unfinished, binaries, user, lock));
  const auto size = measure(unfinished);
  int code = size ? write_file_as(user, unfinished / seal, *size) : EIO;
  if (code == 0)
    code =
        as_user(user, [from = unfinished.c_str(), to = folder.c_str()] { return ::rename(from, to) == 0 ? 0 : errno; });
  if (code == 0) return {};
  return fail(
      error("cluster-failed", fmt::format("cannot keep the template `{}`: {}", folder.string(), reason_of(code)))
          .help(fmt::format("check the permissions of `{}`", folder.parent_path().string())),
      ExitCode::unreachable);
}

Result<void> copy_tree(const fs::path& from, const fs::path& to, const ServerUser& user, std::span<const int> locks) {
  // cp, because it runs as the user, and because it knows the fast ways (reflinks) of every system.
  const auto cp = find_system_program("cp").value_or("/bin/cp");
  const auto ended = run_program({cp.string(), "-R", from.string(), to.string()}, user, locks);
  if (ended.ok()) return {};
  return program_failed(fmt::format("copying `{}` to `{}`", from.string(), to.string()), ended,
                        "make room on the disk, then run the command again");
}

}  // namespace

Result<void> remove_trees(const std::vector<fs::path>& paths, const ServerUser& user) {
  std::vector<std::string> arguments{find_system_program("rm").value_or("/bin/rm").string(), "-rf", "--"};
  std::error_code ignored;
  for (const auto& path : paths)
    if (fs::exists(fs::symlink_status(path, ignored))) arguments.push_back(path.string());
  if (arguments.size() == 3) return {};
  const auto ended = run_program(arguments, user);
  if (ended.ok()) return {};
  return program_failed("removing the old data", ended, "remove them by hand, then run the command again");
}

Result<void> copy_template(const fs::path& cache, const ServerBinaries& binaries, const ServerUser& user,
                           const fs::path& target, const FileLock& target_lock) {
  const auto folder = template_in(cache, binaries);
  {
    MIGRATE_TRY_ASSIGN(const FileLock lock, FileLock::acquire(cache / "lock", user, FileLock::Kind::shared));
    if (is_whole(folder))
      return copy_tree(folder, target, user, std::array{lock.descriptor(), target_lock.descriptor()});
  }
  MIGRATE_TRY_ASSIGN(const FileLock lock, FileLock::acquire(cache / "lock", user, FileLock::Kind::exclusive));
  if (!is_whole(folder)) MIGRATE_TRY(make_template(folder, binaries, user, lock));
  return copy_tree(folder, target, user, std::array{lock.descriptor(), target_lock.descriptor()});
}

Result<void> remove_template(const fs::path& cache, const ServerBinaries& binaries, const ServerUser& user) {
  MIGRATE_TRY_ASSIGN(const FileLock lock, FileLock::acquire(cache / "lock", user, FileLock::Kind::exclusive));
  return remove_trees({template_in(cache, binaries)}, user);
}

}  // namespace migrate::cluster
