#include <migrate/db/session.hpp>

#include <migrate/base/text.hpp>
#include <migrate/db/field.hpp>

#include "db/cancel_on_interrupt.hpp"
#include "db/connect.hpp"
#include "db/exchange.hpp"
#include "db/poll_wait.hpp"
#include "db/server_error_fields.hpp"
#include "db/session_state.hpp"

#include <poll.h>

#include <array>
#include <functional>
#include <memory>

#include <fmt/format.h>

namespace migrate::db {
namespace {

constexpr int oldest_server = 100000;

// Checked on 14 to 18.
constexpr std::string_view info_query = R"(SELECT
  pg_catalog.current_database(), session_user, pg_catalog.current_setting('server_version'),
  pg_catalog.current_setting('server_version_num'), pg_catalog.current_schema(), pg_catalog.pg_is_in_recovery(),
  pg_catalog.current_setting('default_transaction_read_only'), pg_catalog.pg_backend_pid(),
  (SELECT a.backend_start FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a))";

constexpr std::string_view unlock_query = "SELECT pg_catalog.pg_advisory_unlock_all()";

// The lock of the transaction holds the place while all locks of the session go and the one to keep comes back: nobody
// else can take it in between.
constexpr std::string_view unlock_others_query =
    "SELECT pg_catalog.pg_advisory_xact_lock({0}), pg_catalog.pg_advisory_unlock_all(), "
    "pg_catalog.pg_advisory_lock({0})";

// While the program waits for a lock, or for a person, it must not be thrown out. Since 14.
constexpr int knows_idle_session_timeout = 140000;

extern "C" void receive_notice(void* argument, const PGresult* result) {
  const auto& receiver = *static_cast<const std::function<void(const Notice&)>*>(argument);
  if (receiver) receiver(read_notice(result));
}

std::string target(const PGconn* connection) {
  return describe({PQdb(connection), PQhost(connection), PQport(connection), PQuser(connection)});
}

Failure too_old(const PGconn* connection) {
  const int version = PQserverVersion(connection);
  return {error("server-too-old",
                fmt::format("{} is PostgreSQL {}.{}", target(connection), version / 10000, version / 100 % 100))
              .note("state", "nothing was changed")
              .help("migrate needs PostgreSQL 10 or later, and is tested with 14 to 18"),
          ExitCode::unreachable};
}

Failure cannot_begin(const ServerError& refusal, const PGconn* connection, const std::string& role) {
  if (refusal.interrupted) {
    return {error("interrupted", "interrupted while connecting to " + target(connection))
                .note("state", "nothing was changed")
                .help("run the same command again"),
            ExitCode::interrupted};
  }
  Diagnostic diagnostic = to_diagnostic(refusal).note("state", "nothing was changed");
  if (!role.empty() && !refusal.connection_lost) {
    diagnostic.id = "cannot-set-role";
    diagnostic.message = fmt::format("cannot become role `{}`: {}", role, refusal.message);
    diagnostic = std::move(diagnostic)
                     .help(fmt::format("check the setting `role`, or let the user in: GRANT {} TO {}",
                                       quote_identifier(role), quote_identifier(PQuser(connection))));
  }
  return {std::move(diagnostic), ExitCode::unreachable};
}

}  // namespace

Session::Session(std::unique_ptr<State> state) : state_(std::move(state)) {}
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;
Session::~Session() = default;

Result<Session> Session::connect(const ConnectOptions& options) {
  MIGRATE_TRY_ASSIGN(PqConnection raw, connect_patiently(options));
  if (PQserverVersion(raw.get()) < oldest_server) return fail(too_old(raw.get()));
  PqCancel canceller(PQgetCancel(raw.get()));

  auto adopted = PqxxConnection::adopt(std::move(raw));
  if (!adopted) return fail(to_diagnostic(adopted.error()), ExitCode::unreachable);
  Session session(std::make_unique<State>(State{options, *std::move(adopted), std::move(canceller)}));
  State& state = *session.state_;
  PQsetNoticeReceiver(state.raw(), receive_notice, &state.on_notice);

  // A server process other than the one that greeted us: a pooler has put itself in between. The role is then that of
  // this question alone, so that no other client meets it.
  const int greeted_by = PQbackendPID(state.raw());
  std::string sql;
  if (PQserverVersion(state.raw()) >= knows_idle_session_timeout) {
    sql = fmt::format("SELECT pg_catalog.set_config('idle_session_timeout', '0', pg_catalog.pg_backend_pid() <> {});\n",
                      greeted_by);
  }
  if (!options.role.empty()) {
    sql += fmt::format("SELECT pg_catalog.set_config('role', {}, pg_catalog.pg_backend_pid() <> {});\n",
                       quote_literal(options.role), greeted_by);
  }
  const Exchange answer = exchange(state, {.sql = sql.append(info_query), .keep_rows = true});
  if (answer.error) return fail(cannot_begin(*answer.error, state.raw(), options.role));

  const Row& row = answer.executed.result.front();
  const auto value = [&](std::size_t i) { return row[i].value_or(std::string()); };
  const std::string version = value(2);
  state.info = {.database = value(0),
                .user = value(1),
                .host = PQhost(state.raw()),
                .port = PQport(state.raw()),
                .server_version = version.substr(0, version.find(' ')),
                .server_version_num = to_number<int>(row[3]).value_or(0),
                .backend_pid = to_number<int>(row[7]).value_or(0),
                .current_schema = value(4),
                .in_recovery = value(5) == "t",
                .read_only = value(6) == "on"};
  state.backend_start = value(8);
  if (state.info.backend_pid != greeted_by) state.pooling = Pooling::unknown;
  return session;
}

const DatabaseInfo& Session::info() const { return state_->info; }

Pooling Session::pooling() const { return state_->pooling; }

TransactionStatus Session::transaction_status() const {
  switch (PQtransactionStatus(state_->raw())) {
    case PQTRANS_IDLE: return TransactionStatus::idle;
    case PQTRANS_ACTIVE: return TransactionStatus::active;
    case PQTRANS_INTRANS: return TransactionStatus::in_block;
    case PQTRANS_INERROR: return TransactionStatus::failed_block;
    default: return TransactionStatus::unknown;
  }
}

bool Session::is_alive() const {
  PGconn* const connection = state_->raw();
  // libpq learns of a closed link only by reading up to its end.
  while (PQstatus(connection) == CONNECTION_OK && wait_for(PQsocket(connection), POLLIN, nullptr, {}) == Wake::ready) {
    if (!PQconsumeInput(connection)) break;
  }
  return PQstatus(connection) == CONNECTION_OK;
}

Result<Executed, ServerError> Session::execute(std::string_view statement, const Tick& tick) {
  const bool begins = transaction_status() == TransactionStatus::idle;
  const std::string before = begins ? state_->local_role_sql() : std::string();
  Exchange done = before.empty() ? exchange(*state_, {.sql = statement}, tick)
                                 : exchange(*state_, {.sql = std::string(before).append(statement)}, tick);
  if (!done.error) return std::move(done.executed);
  if (auto& position = done.error->position; position && position->value >= before.size()) {
    position->value -= before.size();
  }
  return Unexpected{*std::move(done.error)};
}

Result<Executed, ServerError> Session::copy_in(std::string_view statement, std::string_view data, const Tick& tick) {
  Exchange done = exchange(*state_, {.sql = statement, .copy_data = data}, tick);
  if (done.error) return Unexpected{*std::move(done.error)};
  return std::move(done.executed);
}

Result<std::vector<Row>, ServerError> Session::query(std::string_view sql,
                                                     std::span<const std::optional<std::string>> parameters) {
  const Interrupt* const interrupt = state_->interrupt();
  if (interrupt && interrupt->raised()) {
    state_->interrupt_told = true;
    return Unexpected{interrupted_error()};
  }
  const std::string role = transaction_status() == TransactionStatus::idle ? state_->local_role_sql() : std::string();
  if (!role.empty()) {
    Exchange begun = exchange(*state_, {.sql = "BEGIN;\n" + role});
    if (begun.error) return Unexpected{*std::move(begun.error)};
  }
  const CancelOnInterrupt watch(state_->canceller.get(), interrupt);
  auto rows = state_->connection.query(std::string(sql), parameters);
  if (!rows && rows.error().sqlstate == "57014" && watch.cancelled()) {
    rows.error().interrupted = true;
    state_->interrupt_told = true;
  }
  if (!role.empty()) exchange(*state_, {.sql = "ROLLBACK", .clean_up = true});
  return rows;
}

void Session::on_notice(std::function<void(const Notice&)> receiver) { state_->on_notice = std::move(receiver); }

std::string Session::reset_sql() const {
  const std::string& role = state_->options.role;
  const auto& lock = state_->kept_lock;
  // DISCARD ALL would do most of it, but not among other statements.
  std::string sql = "RESET SESSION AUTHORIZATION;\n";
  sql += role.empty() || state_->is_shared() ? "RESET ROLE" : "SET ROLE " + quote_identifier(role);
  sql += ";\nRESET ALL;\nCLOSE ALL;\nUNLISTEN *;\nDISCARD TEMP;\n";
  // Behind a pooler other clients have prepared statements in this server process.
  if (!state_->is_shared()) {
    sql += "DEALLOCATE ALL;\n";
    if (PQserverVersion(state_->raw()) >= knows_idle_session_timeout) sql += "SET idle_session_timeout = 0;\n";
  }
  return sql += lock ? fmt::format(fmt::runtime(unlock_others_query), *lock) : std::string(unlock_query);
}

void Session::keep_advisory_lock(std::optional<std::int64_t> key) { state_->kept_lock = key; }

bool Session::pause(std::chrono::milliseconds duration) {
  if (wait_for(-1, 0, state_->interrupt(), duration) != Wake::interrupted) return true;
  state_->interrupt_told = true;
  return false;
}

void Session::cancel() {
  std::array<char, 256> reason{};
  PQcancel(state_->canceller.get(), reason.data(), static_cast<int>(reason.size()));
}

Result<Session> Session::another() const { return connect(state_->options); }

}  // namespace migrate::db
