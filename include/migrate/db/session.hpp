/// \file
/// One connection to a database.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/interrupt.hpp>
#include <migrate/base/result.hpp>
#include <migrate/db/server_error.hpp>

namespace migrate::db {

struct ConnectOptions {
  std::string conninfo;                      ///< as libpq takes it; empty: PG* variables and defaults
  std::string application_name = "migrate";  ///< where the user's settings name no other
  std::string role;                          ///< SET ROLE, again after each reset
  std::chrono::milliseconds wait{0};         ///< keep trying while the server starts (refused, starting up, no host)
  std::function<std::string(std::string_view)> mask;  ///< hides secrets in libpq's own texts
  const Interrupt* interrupt = nullptr;               ///< must outlive the session
};

/// What is known after connecting, in one round trip.
struct DatabaseInfo {
  std::string database, user, host, port;  ///< host: a name, an address, or a socket folder
  std::string server_version;              ///< "15.18"
  int server_version_num = 0;              ///< 150018
  int backend_pid = 0;
  std::string current_schema;  ///< empty: the search path names no schema that exists
  bool in_recovery = false;    ///< a standby
  bool read_only = false;      ///< default_transaction_read_only
};

/// What stands between us and the server's process.
enum class Pooling {
  none,         ///< nothing: the process is ours
  unknown,      ///< a pooler, and nobody has asked yet which
  session,      ///< one that keeps a process for each client: as good as none
  transaction,  ///< one that may give every transaction another process
  statement,    ///< one that refuses transactions
};

/// One row's values; null is an empty optional.
using Row = std::vector<std::optional<std::string>>;

struct Executed {
  std::string command_tag;           ///< "CREATE TABLE", "UPDATE 5"
  std::optional<std::int64_t> rows;  ///< affected, where the tag says
  std::chrono::microseconds duration{0};
  std::vector<Row> result;  ///< of query(); empty for execute()
};

enum class TransactionStatus { idle, active, in_block, failed_block, unknown };

/// Moving is cheap; no copies. Every call that waits can be interrupted: it then cancels the server's statement,
/// waits for its end, and returns an error with `interrupted`. An interrupt is told once: calls after that one do their
/// work, so that a ROLLBACK or the release of a lock needs no special way.
class Session {
 public:
  /// Errors (exit code 3): `cannot-connect` (refused, no host, no such socket), `authentication-failed`,
  /// `no-such-database`, `cannot-set-role`, `server-too-old` (before 10; DatabaseInfo tells those before 14);
  /// `invalid-connection-string` (exit code 2), `interrupted` (130). Help names what to check.
  static Result<Session> connect(const ConnectOptions& options);

  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  [[nodiscard]] const DatabaseInfo& info() const;
  [[nodiscard]] TransactionStatus transaction_status() const;
  /// As far as it is known. Until it is, nothing is done to the session that another client of a pooler could meet: the
  /// role is then set for each question alone.
  [[nodiscard]] Pooling pooling() const;
  /// Finds it out. Cost: nothing where there is no pooler, else a connection and up to 18 short questions. Errors: of
  /// the connection.
  Result<Pooling, ServerError> find_pooling();
  [[nodiscard]] bool is_alive() const;

  /// Called about every 100 ms while a statement runs.
  using Tick = std::function<void(std::chrono::milliseconds elapsed)>;

  /// Sends SQL as one simple query, drops result rows, and gives what its last command said. A position in an error is
  /// relative to `statement`. Requires: no NUL byte.
  Result<Executed, ServerError> execute(std::string_view statement, const Tick& tick = {});
  /// COPY ... FROM stdin with its data.
  Result<Executed, ServerError> copy_in(std::string_view statement, std::string_view data, const Tick& tick = {});
  /// For our own questions: parameters $1.. as text.
  Result<std::vector<Row>, ServerError> query(std::string_view sql,
                                              std::span<const std::optional<std::string>> parameters = {});

  void on_notice(std::function<void(const Notice&)> receiver);

  /// Makes the session what it was after connecting: authorization, role, settings, and no temporary tables, prepared
  /// statements, cursors, LISTENs or session advisory locks (but for the kept one). Several statements, for execute().
  [[nodiscard]] std::string reset_sql() const;
  /// The session advisory lock that reset_sql() keeps; none: it drops them all.
  void keep_advisory_lock(std::optional<std::int64_t> key);

  /// Sleeps. False if it was interrupted.
  [[nodiscard]] bool pause(std::chrono::milliseconds duration);

  /// Ends the statement that runs now, from another thread or a signal. Source: PQcancel.
  void cancel();
  /// A second connection to the same database with the same options.
  [[nodiscard]] Result<Session> another() const;

 private:
  struct State;
  friend struct SessionAccess;  // the rest of this room
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace migrate::db
