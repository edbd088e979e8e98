#include <migrate/ops/backup.hpp>

#include <chrono>
#include <optional>
#include <span>

#include <fmt/format.h>

#include <migrate/base/program.hpp>
#include <migrate/base/text.hpp>
#include <migrate/db/client_environment.hpp>

#include "ops/client_programs.hpp"
#include "ops/guards.hpp"
#include "ops/pooled.hpp"
#include "ops/restore_script.hpp"
#include "ops/take_lock.hpp"

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

// psql has ended; its server process may not have noticed. Checked on 14 to 18.
constexpr std::string_view end_query = R"(SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity
WHERE application_name = $1 AND datname = pg_catalog.current_database())";
constexpr std::string_view transaction_query = "SELECT pg_catalog.txid_status($1::bigint)";

enum class Ending { committed, rolled_back, unknown };

// The rest of the line that begins so.
std::optional<std::string> said(const PipelineEnd& end, std::string_view beginning) {
  for (const auto line : split(end.reader.output, '\n')) {
    if (line.starts_with(beginning)) return std::string(trim(line.substr(beginning.size())));
  }
  return std::nullopt;
}

// An interrupt has been answered already: the session tells it once more, and then does its work.
Result<std::vector<db::Row>, db::ServerError> ask(db::Session& session, std::string_view sql,
                                                  std::span<const std::optional<std::string>> parameters) {
  auto rows = session.query(sql, parameters);
  if (!rows && rows.error().interrupted) rows = session.query(sql, parameters);
  return rows;
}

bool wait_for_end(db::Session& session, const std::string& application) {
  // psql's process may be ended by its own user, which the role of `role` need not be.
  if (!ask(session, "RESET ROLE", {})) return false;
  constexpr std::chrono::seconds patience{30};
  constexpr std::chrono::milliseconds look_interval{100};
  const std::optional<std::string> name = application;
  for (const auto begun = std::chrono::steady_clock::now(); std::chrono::steady_clock::now() - begun < patience;) {
    const auto processes = ask(session, end_query, {&name, 1});
    if (!processes) return false;
    if (processes->empty()) return true;
    if (!session.pause(look_interval)) return false;
  }
  return false;
}

Ending look_for_end(db::Session& session, const std::string& application, const PipelineEnd& end) {
  if (!wait_for_end(session, application)) return Ending::unknown;
  // The COMMIT is the last thing that psql is given.
  if (!end.complete) return Ending::rolled_back;
  const auto transaction = said(end, said_transaction);
  if (!transaction) return Ending::unknown;
  const auto rows = ask(session, transaction_query, {&transaction, 1});
  if (!rows || !rows->front()[0]) return Ending::unknown;
  if (rows->front()[0] == "committed") return Ending::committed;
  return rows->front()[0] == "aborted" ? Ending::rolled_back : Ending::unknown;
}

// The session has waited all the time: its link may be gone.
Ending settle(db::Session& session, const std::string& application, const PipelineEnd& end) {
  const Ending ending = look_for_end(session, application, end);
  if (ending != Ending::unknown || session.is_alive()) return ending;
  auto another = session.another();
  return another ? look_for_end(*another, application, end) : ending;
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
  const bool damaged = !end.complete && !end.reader_first;
  if (end.reader.interrupted || end.writer.interrupted) {
    return {error("interrupted", "interrupted while a backup was restored")
                .note("state", state)
                .help("run the same command again"),
            ExitCode::interrupted};
  }
  return {error("restore-failed", fmt::format("the backup could not be restored into {}", database.database))
              .note("output", output)
              .note("state", state)
              .help(damaged ? "the file is damaged: take another backup"
                            : "mend what psql complains of, or restore into a new database with pg_restore"),
          ExitCode::rolled_back};
}

// What the script itself found before it ended, if it did.
std::optional<Failure> refusal(const Context& context, const db::DatabaseInfo& database, const PipelineEnd& end) {
  if (said(end, said_locked)) return locked(database);
  const auto project = said(end, said_project);
  return project ? std::optional(wrong_project(context, "the backup", *project)) : std::nullopt;
}

// No reason to refuse: a backup may be the way out.
bool is_broken_journal(const Failure& failure) {
  const std::string& id = failure.diagnostics.front().id;
  return id == "journal-damaged" || id == "journal-newer-format" || id == "journal-no-permission" || id == "no-schema";
}

// One run at a time; the lock goes on to psql, whose transaction is the restore.
Result<void> wait_for_turn(const Context& context, Connection& connection) {
  MIGRATE_TRY_ASSIGN(const auto lock, take_lock(context, connection));
  if (!lock.is_of_transaction()) return {};
  return fail(session_needed(context, connection.session.info(),
                             error("session-needed", "a restore needs a session of its own")));
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
  if (const auto journal = wait_for_journal(context, connection); !journal && !is_broken_journal(journal.error())) {
    return fail(journal.error());
  }
  MIGRATE_TRY(confirm_destruction(context, info.database, options));
  MIGRATE_TRY(wait_for_turn(context, connection));
  const std::string application = fmt::format("{}{}", restore_application, info.backend_pid);

  context.observer.progress(fmt::format("restoring {} from {}", info.database, file.string()));
  auto environment = db::client_environment(connection.session);
  environment.emplace_back("PGAPPNAME", application);
  const RestoreScript script = restore_script(connection.journal, info.server_version_num,
                                              context.settings.project.value, "restored: " + file.string());
  // psql, because a dump has COPY data.
  const Pipeline pipeline{.writer = {.words = {pg_restore, "--single-transaction", "--file=-", file.string()}},
                          .reader = {.words = {(programs / "psql").string(), "--no-psqlrc", "--quiet", "--no-password",
                                               "--set=ON_ERROR_STOP=1", "--output=/dev/null", "--file=-"},
                                     .environment = std::move(environment),
                                     .interrupt = context.interrupt},
                          .before = script.before,
                          .after = script.after,
                          .filter = WithoutCommit()};
  MIGRATE_TRY_ASSIGN(const PipelineEnd end, run_pipeline(pipeline));
  if (auto refused = refusal(context, info, end)) return fail(*std::move(refused));
  if (!end.complete || !end.reader.ok()) {
    const std::string output = context.settings.secrets.apply(
        trim(end.reader.complaint.empty() ? end.writer.complaint : end.reader.complaint));
    const Ending ending = settle(connection.session, application, end);
    if (ending == Ending::unknown) return fail(unsettled(info, output));
    if (ending == Ending::rolled_back) return fail(not_restored(info, end, output));
  }
  RestoreOutcome outcome{.database = info, .file = file};
  outcome.duration = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  return outcome;
}

}  // namespace migrate::ops
