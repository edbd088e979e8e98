#include <migrate/ops/backup.hpp>

#include <cerrno>
#include <optional>
#include <string_view>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <migrate/base/program.hpp>
#include <migrate/base/system_error.hpp>
#include <migrate/base/text.hpp>
#include <migrate/db/client_environment.hpp>

#include "ops/client_programs.hpp"
#include "ops/guards.hpp"
#include "ops/pooled.hpp"

namespace migrate::ops {
namespace {

namespace fs = std::filesystem;

Failure backup_failed(std::string what, std::string output, std::string help) {
  auto problem = error("backup-failed", std::move(what));
  if (const auto words = trim(output); !words.empty()) problem = std::move(problem).note("output", std::string(words));
  return {std::move(problem).note("state", "nothing was changed").help(std::move(help)), ExitCode::unreachable};
}

fs::path folder_of(const config::Settings& settings) {
  return (settings.project_dir / settings.backup_directory.value).lexically_normal();
}

// A database's name may have a slash in it.
std::string file_name(const std::string& database, Timestamp now) {
  std::string name = slugify(database);
  return fmt::format("{}-{}", name.empty() ? "database" : name, format_time(now, "%Y%m%dT%H%M%SZ"));
}

constexpr std::string_view unfinished_ending = ".dump.unfinished";

// Locked for as long as the process lives.
class OpenFile {
 public:
  explicit OpenFile(int descriptor) : descriptor_(descriptor) {}
  OpenFile(OpenFile&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}
  OpenFile& operator=(OpenFile&&) = delete;
  ~OpenFile() {
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  [[nodiscard]] bool lock() const { return ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0; }

 private:
  int descriptor_;
};

// What a run that was killed could not finish: nobody holds it. Best effort.
void remove_abandoned(const fs::path& folder) {
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(folder, failed)) {
    if (!entry.path().native().ends_with(unfinished_ending)) continue;
    const int descriptor = ::open(entry.path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (descriptor < 0) continue;
    const OpenFile file(descriptor);
    if (file.lock()) fs::remove(entry.path(), failed);
  }
}

struct Place {
  fs::path file, unfinished;
  OpenFile open;  // `unfinished`
};

// One that nobody has: two backups may fall into one second. None: nothing can be made there, and errno says why.
std::optional<Place> claim_place(const fs::path& folder, const std::string& name) {
  for (int number = 1;; ++number) {
    const std::string file = number == 1 ? name + ".dump" : fmt::format("{}-{}.dump", name, number);
    if (fs::exists(folder / file)) continue;
    const fs::path unfinished = folder / (file + ".unfinished");
    const int descriptor = ::open(unfinished.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor >= 0) {
      Place place{folder / file, unfinished, OpenFile(descriptor)};
      // Where a file system knows no locks, nobody takes a file for abandoned either.
      [[maybe_unused]] const bool locked = place.open.lock();
      return place;
    }
    if (errno != EEXIST) return std::nullopt;
  }
}

// On the disk before anything is changed.
bool reaches_the_disk(const fs::path& file) {
  const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
  if (descriptor < 0) return false;
  const bool done = ::fsync(descriptor) == 0;
  ::close(descriptor);
  return done;
}

}  // namespace

Result<Backup> make_backup(const Context& context, Connection& connection) {
  const auto started = std::chrono::steady_clock::now();
  const db::DatabaseInfo& info = connection.session.info();
  if (connection.session.pooling() == db::Pooling::transaction) {
    return fail(session_needed(context, info, error("session-needed", "a backup needs a session of its own")));
  }
  MIGRATE_TRY_ASSIGN(const fs::path programs, find_client_programs(context, info.server_version_num / 10000));
  const fs::path folder = folder_of(context.settings);
  std::error_code failed;
  fs::create_directories(folder, failed);
  if (failed) {
    return fail(backup_failed(fmt::format("cannot make the folder `{}`: {}", folder.string(), failed.message()), {},
                              "set `[safety] backup_directory` to a folder that can be written to"));
  }
  ::chmod(folder.c_str(), S_IRWXU);
  remove_abandoned(folder);

  const auto place = claim_place(folder, file_name(info.database, context.now()));
  if (!place) {
    return fail(backup_failed(fmt::format("cannot write to `{}`: {}", folder.string(), reason_of(errno)), {},
                              "set `[safety] backup_directory` to a folder that can be written to"));
  }
  const fs::path& file = place->file;
  const fs::path& unfinished = place->unfinished;
  context.observer.progress(fmt::format("backing up {} to {}", info.database, file.string()));
  const auto environment = db::client_environment(connection.session);
  const auto run = [&](const char* program, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), (programs / program).string());
    return run_program({.words = std::move(arguments), .environment = environment, .interrupt = context.interrupt});
  };
  MIGRATE_TRY_ASSIGN(
      const ProgramEnd dumped,
      run("pg_dump", {"--format=custom", "--no-password", "--lock-wait-timeout=60s", "--file=" + unfinished.string()}));
  const auto refuse = [&](std::string what, const ProgramEnd& ended) {
    fs::remove(unfinished, failed);
    if (ended.interrupted) {
      return fail(error("interrupted", "interrupted while a backup was made")
                      .note("state", "nothing was changed")
                      .help("run the same command again"),
                  ExitCode::interrupted);
    }
    return fail(backup_failed(std::move(what), context.settings.secrets.apply(ended.complaint),
                              "mend what pg_dump complains of, or run without a backup: --no-backup"));
  };
  if (!dumped.ok()) return refuse("pg_dump failed", dumped);
  ::chmod(unfinished.c_str(), S_IRUSR | S_IWUSR);
  MIGRATE_TRY_ASSIGN(const ProgramEnd listed, run("pg_restore", {"--list", unfinished.string()}));
  if (!listed.ok()) return refuse("pg_restore cannot list the backup", listed);
  if (!reaches_the_disk(unfinished)) return refuse(fmt::format("the backup cannot be kept: {}", reason_of(errno)), {});
  fs::rename(unfinished, file, failed);
  if (failed) return refuse(fmt::format("the backup cannot be kept: {}", failed.message()), {});

  Backup backup{.file = file, .bytes = fs::file_size(file, failed)};
  backup.duration = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  MIGRATE_TRY(connection.journal.ensure(connection.session));
  const auto noted = connection.session.execute(connection.journal.noted_sql("backup: " + file.string()));
  if (!noted) return fail(db::to_diagnostic(noted.error()).note("state", "nothing was changed"), ExitCode::unreachable);
  context.observer.progress(fmt::format("backup of {}: {} kB in {}, {}", info.database, (backup.bytes + 1023) / 1024,
                                        format_duration(backup.duration), file.string()));
  return backup;
}

Result<void> back_up_before(const Context& context, Connection& connection, std::span<const PreparedStep> steps,
                            const RunOptions& options) {
  const std::string& when = options.backup.empty() ? context.settings.backup.value : options.backup;
  if (when != "off" && when != "auto" && when != "always") {
    return fail(error("invalid-settings", fmt::format("`{}` is no time for a backup", when))
                    .note("from", !options.backup.empty() ? "--backup" : context.settings.backup.where)
                    .note("state", "nothing was changed")
                    .help("write off, auto (before data is destroyed) or always"));
  }
  if (when == "off" || options.dry_run) return {};
  bool risky = when == "always";
  for (const auto& step : steps) {
    for (const auto& statement : step.statements) {
      risky = risky || !losses_of(connection.session, statement.facts).empty();
    }
  }
  if (!risky) return {};
  MIGRATE_TRY(make_backup(context, connection));
  return {};
}

}  // namespace migrate::ops
