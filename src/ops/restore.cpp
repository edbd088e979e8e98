#include <migrate/ops/backup.hpp>

#include <fmt/format.h>

#include <migrate/base/program.hpp>
#include <migrate/base/text.hpp>
#include <migrate/db/client_environment.hpp>
#include <migrate/db/lock.hpp>

#include "ops/client_programs.hpp"
#include "ops/guards.hpp"
#include "ops/pooled.hpp"

namespace migrate::ops {
namespace {

namespace fs = std::filesystem;

// Everything that users make lives in a schema, or is an extension or a large object. Checked on 14 to 18.
constexpr std::string_view drop_everything = R"sql(
DO $migrate$
DECLARE
  one text;
BEGIN
  FOR one IN SELECT extname FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql' LOOP
    EXECUTE pg_catalog.format('DROP EXTENSION IF EXISTS %I CASCADE', one);
  END LOOP;
  FOR one IN SELECT nspname FROM pg_catalog.pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
    EXECUTE pg_catalog.format('DROP SCHEMA %I CASCADE', one);
  END LOOP;
  PERFORM pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata;
END
$migrate$;
)sql";

// A dump takes the schema `public` for granted. Source: initdb of 14, and of 15 and later.
std::string make_public(int version) {
  return version >= 150000 ? "CREATE SCHEMA public AUTHORIZATION pg_database_owner;\nGRANT USAGE ON SCHEMA public TO PUBLIC;\n"
                           : "CREATE SCHEMA public;\nGRANT ALL ON SCHEMA public TO PUBLIC;\n";
}

class Scratch {
 public:
  explicit Scratch(fs::path path) : path_(std::move(path)) {}
  ~Scratch() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Failure not_a_backup(const fs::path& file, std::string_view complaint) {
  return {error("not-a-backup", fmt::format("`{}` is no backup that pg_restore can read", file.string()))
              .note("output", std::string(trim(complaint)))
              .note("state", "nothing was changed")
              .help("give a file that `migrate upgrade --backup` made, or one of `pg_dump --format=custom`"),
          ExitCode::usage};
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
  MIGRATE_TRY(confirm_destruction(context, info.database, options));
  MIGRATE_TRY_ASSIGN(const auto lock,
                     db::MigrationLock::acquire(connection.session, connection.journal.schema(),
                                                context.settings.migration_lock_timeout.value,
                                                [&](const auto& holder, auto waited) {
                                                  context.observer.waiting_for_lock(holder, waited);
                                                }));

  if (lock.is_of_transaction()) {
    return fail(session_needed(context, info, error("session-needed", "a restore needs a session of its own")));
  }

  // psql, because a dump has COPY data; in one transaction, so that a failure changes nothing.
  const Scratch script(file.string() + fmt::format(".restore-{}.sql", info.backend_pid));
  MIGRATE_TRY_ASSIGN(const ProgramEnd written, run_program({.words = {pg_restore, "--file=" + script.path().string(), file.string()}}));
  if (!written.ok()) return fail(not_a_backup(file, written.complaint));
  fs::permissions(script.path(), fs::perms::owner_read | fs::perms::owner_write, failed);
  context.observer.progress(fmt::format("restoring {} from {}", info.database, file.string()));
  const std::string before = std::string(drop_everything) + make_public(info.server_version_num);
  MIGRATE_TRY_ASSIGN(const ProgramEnd ended,
                     run_program({.words = {(programs / "psql").string(), "--no-psqlrc", "--quiet", "--no-password",
                                            "--set=ON_ERROR_STOP=1", "--single-transaction", "--output=/dev/null",
                                            "--file=-", "--file=" + script.path().string()},
                                  .environment = db::client_environment(connection.session),
                                  .input = before}));
  if (!ended.ok()) {
    return fail(error("restore-failed", fmt::format("the backup could not be restored into {}", info.database))
                    .note("output", context.settings.secrets.apply(trim(ended.complaint)))
                    .note("state", fmt::format("rolled back: {} is as before", info.database))
                    .help("mend what psql complains of, or restore into a new database with pg_restore"),
                ExitCode::rolled_back);
  }
  MIGRATE_TRY(connection.journal.ensure(connection.session));
  const auto noted = connection.session.execute(connection.journal.noted_sql("restored: " + file.string()));
  if (!noted) return fail(db::to_diagnostic(noted.error()), ExitCode::rolled_back);
  RestoreOutcome outcome{.database = info, .file = file};
  outcome.duration = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
  return outcome;
}

}  // namespace migrate::ops
