#include <migrate/ops/backup.hpp>

#include <array>
#include <chrono>
#include <optional>

#include <fmt/format.h>

#include <migrate/base/program.hpp>
#include <migrate/base/text.hpp>
#include <migrate/db/client_environment.hpp>
#include <migrate/db/lock.hpp>

#include "ops/client_programs.hpp"
#include "ops/guards.hpp"
#include "ops/pooled.hpp"
#include "ops/restore_script.hpp"

namespace migrate::ops {
namespace {

namespace fs = std::filesystem;

Failure not_a_backup(const fs::path& file, std::string_view complaint) {
  return {error("not-a-backup", fmt::format("`{}` is no backup that pg_restore can read", file.string()))
              .note("output", std::string(trim(complaint)))
              .note("state", "nothing was changed")
              .help("give a file that `migrate upgrade --backup` made, or one of `pg_dump --format=custom`"),
          ExitCode::usage};
}

// Whose marks are known: the server process of our psql, and the row that its transaction writes.
struct Attempt {
  std::string application, note, begun_at;
};

constexpr std::string_view now_query = "SELECT pg_catalog.clock_timestamp()";
// psql has ended; its server process may not have noticed. Checked on 14 to 18.
constexpr std::string_view end_query = R"(SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
WHERE application_name = $1 AND datname = pg_catalog.current_database())";
constexpr std::string_view row_query = "SELECT FROM {} WHERE message = $1 AND at >= $2::timestamptz";
constexpr std::string_view log_query = "SELECT pg_catalog.to_regclass({}) IS NOT NULL";

enum class Ending { committed, rolled_back, unknown };

// An interrupt has been answered already: the session tells it once more, and then does its work.
Result<std::vector<db::Row>, db::ServerError> ask(db::Session& session, std::string_view sql,
                                                  std::span<const std::optional<std::string>> parameters = {}) {
  auto rows = session.query(sql, parameters);
  if (!rows && rows.error().interrupted) rows = session.query(sql, parameters);
  return rows;
}

Ending look_for_end(db::Session& session, const db::Journal& journal, const Attempt& attempt) {
  constexpr std::chrono::seconds patience{30};
  constexpr std::chrono::milliseconds look_interval{100};
  const std::optional<std::string> application = attempt.application;
  for (const auto begun = std::chrono::steady_clock::now();;) {
    const auto processes = ask(session, end_query, {&application, 1});
    if (!processes) return Ending::unknown;
    if (processes->empty()) break;
    if (std::chrono::steady_clock::now() - begun > patience || !session.pause(look_interval)) return Ending::unknown;
  }
  const auto there = ask(session, fmt::format(fmt::runtime(log_query), quote_literal(journal.log_name())));
  if (!there) return Ending::unknown;
  if (there->front()[0] != "t") return Ending::rolled_back;
  const std::array<std::optional<std::string>, 2> parameters{attempt.note, attempt.begun_at};
  const auto rows = ask(session, fmt::format(fmt::runtime(row_query), journal.log_name()), parameters);
  if (!rows) return Ending::unknown;
  return rows->empty() ? Ending::rolled_back : Ending::committed;
}

// The session has waited all the time: its link may be gone.
Ending settle(db::Session& session, const db::Journal& journal, const Attempt& attempt) {
  const Ending ending = look_for_end(session, journal, attempt);
  if (ending != Ending::unknown || session.is_alive()) return ending;
  auto another = session.another();
  return another ? look_for_end(*another, journal, attempt) : ending;
}

Failure locked(const db::DatabaseInfo& database) {
  return {error("migration-lock-timeout",
                fmt::format("another run of migrate is at work on database `{}`", database.database))
              .note("it was faster, by a moment")
              .note("state", "nothing was changed")
              .help("run the same command again later"),
          ExitCode::unreachable};
}

Failure unsettled(const db::DatabaseInfo& database, const std::string& output) {
  return {error("restore-unsettled", fmt::format("nobody answers what became of the restore of {}", database.database))
              .note("output", output)
              .note("state", "unknown: the database is as before, or as it is in the backup, never in between")
              .help("look at it: migrate current")
              .help("to restore it in any case, run the same command again"),
          ExitCode::left_behind};
}

Failure not_restored(const db::DatabaseInfo& database, const PipelineEnd& end, const std::string& output) {
  const std::string state = fmt::format("rolled back: {} is as before", database.database);
  if (end.reader.interrupted || end.writer.interrupted) {
    return {error("interrupted", "interrupted while a backup was restored")
                .note("state", state)
                .help("run the same command again"),
            ExitCode::interrupted};
  }
  return {error("restore-failed", fmt::format("the backup could not be restored into {}", database.database))
              .note("output", output)
              .note("state", state)
              .help(end.writer.ok() ? "mend what psql complains of, or restore into a new database with pg_restore"
                                    : "the file is damaged: take another backup"),
          ExitCode::rolled_back};
}

// What the script itself found before it ended, if it did.
std::optional<Failure> refusal(const Context& context, const db::DatabaseInfo& database, std::string_view said) {
  if (said.starts_with(said_locked)) return locked(database);
  if (!said.starts_with(said_project)) return std::nullopt;
  return wrong_project(context, "the backup", trim(said.substr(said_project.size())));
}

}  // namespace

Result<RestoreOutcome> restore(const Context& context, const fs::path& file, const RunOptions& options) {
  const auto started = std::chrono::steady_clock::now();
  std::error_code failed;
  if (!fs::is_regular_file(file, failed)) {
    return fail(error("unreadable-file", fmt::format("cannot read `{}`: there is no such file", file.string()))
                    .note("state", "nothing was changed")
                    .help("the journal names the backups: migrate_log, rows with a message `backup: ...`"));
  }
  MIGRATE_TRY_ASSIGN(Connection connection, connect(context, Purpose::change));
  const db::DatabaseInfo info = connection.session.info();
  MIGRATE_TRY_ASSIGN(const fs::path programs, find_client_programs(context, info.server_version_num / 10000));
  const std::string pg_restore = (programs / "pg_restore").string();
  MIGRATE_TRY_ASSIGN(const ProgramEnd listed, run_program({.words = {pg_restore, "--list", file.string()}}));
  if (!listed.ok()) return fail(not_a_backup(file, listed.complaint));
  MIGRATE_TRY(guard_writable(info));
  // A journal that can't be read is no reason: a backup may be the way out.
  if (const auto content = connection.journal.read(connection.session)) {
    MIGRATE_TRY(guard_project(context, info.database, *content));
  }
  MIGRATE_TRY(confirm_destruction(context, info.database, options));
  Attempt attempt{.note = "restored: " + file.string()};
  {
    MIGRATE_TRY_ASSIGN(const auto lock,
                       db::MigrationLock::acquire(connection.session, connection.journal.schema(),
                                                  context.settings.migration_lock_timeout.value,
                                                  [&](const auto& holder, auto waited) {
                                                    context.observer.waiting_for_lock(holder, waited);
                                                  }));
    if (lock.is_of_transaction()) {
      return fail(session_needed(context, info, error("session-needed", "a restore needs a session of its own")));
    }
    const auto now = connection.session.query(now_query);
    if (!now) {
      return fail(db::to_diagnostic(now.error()).note("state", "nothing was changed"), ExitCode::unreachable);
    }
    attempt.begun_at = now->front()[0].value_or(std::string());
  }
  // From here on the lock is that of psql's own transaction.
  attempt.application = fmt::format("{}{}", restore_application, info.backend_pid);

  context.observer.progress(fmt::format("restoring {} from {}", info.database, file.string()));
  auto environment = db::client_environment(connection.session);
  environment.emplace_back("PGAPPNAME", attempt.application);
  const RestoreScript script =
      restore_script(connection.journal, info.server_version_num, context.settings.project.value, attempt.note);
  // psql, because a dump has COPY data.
  const Program psql{.words = {(programs / "psql").string(), "--no-psqlrc", "--quiet", "--no-password",
                               "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-"},
                     .environment = std::move(environment),
                     .interrupt = context.interrupt};
  MIGRATE_TRY_ASSIGN(const PipelineEnd end, run_pipeline({.words = {pg_restore, "--file=-", file.string()}}, psql,
                                                         script.before, script.after));
  if (auto refused = refusal(context, info, end.reader.output)) return fail(*std::move(refused));
  if (!end.complete || !end.reader.ok()) {
    const std::string output = context.settings.secrets.apply(
        trim(end.reader.complaint.empty() ? end.writer.complaint : end.reader.complaint));
    const Ending ending = settle(connection.session, connection.journal, attempt);
    if (ending == Ending::unknown) return fail(unsettled(info, output));
    if (ending == Ending::rolled_back) return fail(not_restored(info, end, output));
  }
  RestoreOutcome outcome{.database = info, .file = file};
  outcome.duration = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  return outcome;
}

}  // namespace migrate::ops
