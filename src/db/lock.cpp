#include <migrate/db/lock.hpp>

#include <migrate/base/digest.hpp>
#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>
#include <migrate/db/field.hpp>

#include "db/exchange.hpp"
#include "db/lock_holder.hpp"
#include "db/session_failure.hpp"
#include "db/transaction_lock.hpp"
#include "db/wait_in_line.hpp"

#include <array>
#include <charconv>
#include <utility>

#include <fmt/format.h>

namespace migrate::db {
namespace {

using std::chrono::milliseconds;

// Never to be changed: programs of all versions must meet at the same lock.
constexpr std::string_view key_namespace = "migrate: migration lock: ";

constexpr std::string_view try_lock_query = "SELECT pg_catalog.pg_try_advisory_lock($1::bigint)";
constexpr std::string_view begin_with_lock_sql = R"(BEGIN ISOLATION LEVEL READ COMMITTED;
{}SELECT pg_catalog.set_config('migrate.lock', pg_catalog.pg_try_advisory_xact_lock({})::text, true);
SELECT pg_catalog.current_setting('migrate.lock'), pg_catalog.pg_backend_pid(), pg_catalog.txid_current())";
constexpr std::string_view hold_place_query = "SELECT pg_catalog.pg_advisory_xact_lock({});\n";
constexpr std::string_view try_place_query = "SELECT pg_catalog.pg_try_advisory_xact_lock({})";
constexpr std::string_view try_again_query = "SELECT pg_catalog.pg_try_advisory_lock({})";
// Locks are counted: what is held already is held once more, until the next reset.
constexpr std::string_view hold_again_query = "SELECT pg_catalog.pg_advisory_lock({});\n";
constexpr std::string_view unlock_query = "SELECT pg_catalog.pg_advisory_unlock({})";

// A bigint key stands in pg_locks as two halves with objsubid 1. Checked on 14 to 18.
constexpr std::string_view is_migration_lock = R"(l.locktype = 'advisory' AND l.objsubid = 1
  AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
  AND l.classid::bigint = ($1::bigint >> 32) & 4294967295 AND l.objid::bigint = $1::bigint & 4294967295)";

// Asked and done at once: another session may have its number by now.
constexpr std::string_view end_query =
    "SELECT pg_catalog.pg_terminate_backend(l.pid) FROM pg_catalog.pg_locks l WHERE l.granted AND l.pid = $2 AND {}";

Failure cannot_end(const ServerError& server_error, const DatabaseInfo& database, int pid) {
  if (server_error.sqlstate != "42501") return session_failure(server_error);
  return {
      error("cannot-break-lock", fmt::format("role `{}` may not end pid {}", database.user, pid))
          .note("postgres", server_error.message)
          .note("state", "nothing was changed: the lock is still held")
          .help("run it as the role that holds the lock, as a member of it or of pg_signal_backend, or as a superuser"),
      ExitCode::unreachable};
}

Failure without_transactions(const DatabaseInfo& database) {
  return {error("pooler-without-transactions",
                fmt::format("the pooler at {}:{} gives each statement another server process", database.host,
                            database.port))
              .note("statement mode: it refuses transactions, and nothing can be migrated without them")
              .note("state", "nothing was changed")
              .help("set MIGRATE_DIRECT_URL to the server's own address, past the pooler")};
}

}  // namespace

Failure lock_timed_out(const DatabaseInfo& database, const std::optional<LockHolder>& holder, milliseconds waited) {
  Diagnostic diagnostic = error("migration-lock-timeout",
                                fmt::format("another run of migrate is at work on database `{}`", database.database))
                              .note(fmt::format("waited {} for it", format_duration(waited)));
  if (holder) diagnostic = std::move(diagnostic).note("held by", describe(*holder));
  diagnostic = std::move(diagnostic).note("state", "nothing was changed").help("run the same command again later");
  if (holder) {
    diagnostic = std::move(diagnostic).help("if its client is gone for good: migrate lock break");
  }
  return {std::move(diagnostic), ExitCode::unreachable};
}

namespace {

Failure interrupted(const DatabaseInfo& database) {
  return {
      error("interrupted", fmt::format("interrupted while another run is at work on database `{}`", database.database))
          .note("state", "nothing was changed")
          .help("run the same command again"),
      ExitCode::interrupted};
}

Result<bool, ServerError> try_lock(Session& session, std::int64_t key) {
  const std::array<std::optional<std::string>, 1> parameters{fmt::format("{}", key)};
  auto rows = session.query(try_lock_query, parameters);
  if (!rows) return Unexpected{std::move(rows).error()};
  return rows->front()[0] == "t";
}

}  // namespace

Result<bool, ServerError> begin_with_lock(Session& session, const std::string& journal_schema) {
  SessionState& state = SessionAccess::state(session);
  // The second question knows the answer to the first: only the last one's rows are kept. What is read under the lock
  // must not be seen with a snapshot from before it.
  const Exchange begun = exchange(state, {.sql = fmt::format(fmt::runtime(begin_with_lock_sql), state.local_role_sql(),
                                                             MigrationLock::key(journal_schema)),
                                          .keep_rows = true});
  if (begun.error) {
    if (!begun.error->connection_lost) exchange(state, {.sql = "ROLLBACK", .clean_up = true});
    return Unexpected{*begun.error};
  }
  const Row& row = begun.executed.result.front();
  if (row[0] != "true") {
    exchange(state, {.sql = "ROLLBACK", .clean_up = true});
    return false;
  }
  state.info.backend_pid = to_number<int>(row[1]).value_or(0);
  state.transaction_id = row[2].value_or(std::string());
  return true;
}

std::string hold_place_sql(const SessionState& state) {
  return state.kept_lock ? fmt::format(fmt::runtime(hold_place_query), *state.kept_lock) : std::string();
}

std::string hold_again_sql(const SessionState& state) {
  return state.kept_lock ? fmt::format(fmt::runtime(hold_again_query), *state.kept_lock) : std::string();
}

namespace {

Result<bool, ServerError> ask_for_lock(SessionState& state, std::string_view query) {
  if (!state.kept_lock) return true;
  const Exchange asked =
      exchange(state, {.sql = fmt::format(fmt::runtime(query), *state.kept_lock), .keep_rows = true, .clean_up = true});
  if (asked.error) return Unexpected{*asked.error};
  return asked.executed.result.front()[0] == "t";
}

}  // namespace

Result<bool, ServerError> try_to_hold_place(SessionState& state) { return ask_for_lock(state, try_place_query); }

Result<bool, ServerError> try_to_hold_again(SessionState& state) { return ask_for_lock(state, try_again_query); }

std::int64_t MigrationLock::key(const std::string& journal_schema) {
  const std::string digest = sha256_hex(std::string(key_namespace) + journal_schema);
  std::uint64_t value = 0;
  std::from_chars(digest.data(), digest.data() + 16, value, 16);
  return static_cast<std::int64_t>(value);
}

Result<std::optional<LockHolder>> MigrationLock::holder(Session& session, const std::string& journal_schema) {
  const std::array<std::optional<std::string>, 1> parameters{fmt::format("{}", key(journal_schema))};
  auto rows = session.query(holders_sql(is_migration_lock), parameters);
  if (!rows) return fail(session_failure(rows.error()));
  if (rows->empty()) return std::optional<LockHolder>();
  return std::optional(read_holder(rows->front()));
}

Result<bool> MigrationLock::end_holder(Session& session, const std::string& journal_schema, int pid) {
  const std::array<std::optional<std::string>, 2> parameters{fmt::format("{}", key(journal_schema)),
                                                             fmt::format("{}", pid)};
  auto rows = session.query(fmt::format(fmt::runtime(end_query), is_migration_lock), parameters);
  if (!rows) return fail(cannot_end(rows.error(), session.info(), pid));
  return !rows->empty() && rows->front()[0] == "t";
}

Result<MigrationLock> MigrationLock::acquire(Session& session, const std::string& journal_schema, milliseconds timeout,
                                             const OnWait& on_wait) {
  const std::int64_t key = MigrationLock::key(journal_schema);
  const auto pooling = session.find_pooling();
  if (!pooling) return fail(session_failure(pooling.error()));
  if (*pooling == Pooling::statement) return fail(without_transactions(session.info()));
  const bool of_transaction = *pooling == Pooling::transaction;
  const auto take = [&] { return of_transaction ? begin_with_lock(session, journal_schema) : try_lock(session, key); };
  const auto line = wait_in_line(session, journal_schema, timeout, take, on_wait);
  if (!line) return fail(session_failure(line.error()));
  if (line->end == LineEnd::timed_out) return fail(lock_timed_out(session.info(), line->holder, line->waited));
  if (line->end == LineEnd::interrupted) return fail(interrupted(session.info()));
  return MigrationLock(session, key, of_transaction);
}

MigrationLock::MigrationLock(Session& session, std::int64_t key, bool of_transaction)
    : session_(&session), key_(key), of_transaction_(of_transaction) {
  if (!of_transaction_) session.keep_advisory_lock(key);
}

MigrationLock::MigrationLock(MigrationLock&& other) noexcept
    : session_(std::exchange(other.session_, nullptr)), key_(other.key_), of_transaction_(other.of_transaction_) {}

MigrationLock::~MigrationLock() { release(); }

void MigrationLock::release() {
  Session* const session = std::exchange(session_, nullptr);
  if (!session) return;
  SessionState& state = SessionAccess::state(*session);
  if (of_transaction_) {
    if (session->transaction_status() == TransactionStatus::idle) return;
    exchange(state, {.sql = "ROLLBACK", .clean_up = true});
    return;
  }
  session->keep_advisory_lock(std::nullopt);
  // Where this fails, the session ends soon, and the lock with it.
  exchange(state, {.sql = fmt::format(fmt::runtime(unlock_query), key_), .clean_up = true});
}

Result<void, ServerError> MigrationLock::commit(const std::string& sql) {
  auto done = session_->execute(fmt::format("{}{};\nCOMMIT", of_transaction_ ? "" : "BEGIN;\n", sql));
  if (!done) return Unexpected{std::move(done).error()};
  return {};
}

}  // namespace migrate::db
