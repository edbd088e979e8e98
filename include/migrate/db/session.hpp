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
  std::string conninfo;                         ///< as libpq takes it; empty: PG* variables and defaults
  std::string application_name = "migrate";
  std::string role;                             ///< SET ROLE, again after each reset
  std::chrono::milliseconds wait{0};            ///< keep trying while the server starts (refused, starting up, no host)
  std::function<std::string(std::string_view)> mask;  ///< hides secrets in libpq's own texts
  const Interrupt* interrupt = nullptr;         ///< must outlive the session
};

/// What is known after connecting, in one round trip.
struct DatabaseInfo {
  std::string database, user, host, port;       ///< host: a name, an address, or a socket folder
  std::string server_version;                   ///< "15.18"
  int server_version_num = 0;                   ///< 150018
  int backend_pid = 0;
  std::string current_schema;                   ///< empty: the search path names no schema that exists
  bool in_recovery = false;                     ///< a standby
  bool read_only = false;                       ///< default_transaction_read_only
};

/// One row's values; null is an empty optional.
using Row = std::vector<std::optional<std::string>>;

struct Executed {
  std::string command_tag;                      ///< "CREATE TABLE", "UPDATE 5"
  std::optional<std::int64_t> rows;             ///< affected, where the tag says
  std::chrono::microseconds duration{0};
  std::vector<Row> result;                      ///< of query(); empty for execute()
};

enum class TransactionStatus { idle, active, in_block, failed_block, unknown };

/// Moving is cheap; no copies. Every call that waits can be interrupted: it then cancels the server's statement,
/// waits for its end, and returns an error with `interrupted`.
class Session {
 public:
  /// Errors (exit code 3): `cannot-connect` (refused, no host, no such socket), `authentication-failed`,
  /// `no-such-database`, `invalid-connection-string`, `server-too-old` (< 14 gives a warning in `info`, < 10 refused),
  /// `interrupted`. Help names what to check.
  static Result<Session> connect(const ConnectOptions& options);

  Session(Session&&) noexcept;
  Session& operator=(Session&&) noexcept;
  ~Session();

  [[nodiscard]] const DatabaseInfo& info() const;
  [[nodiscard]] TransactionStatus transaction_status() const;
  [[nodiscard]] bool is_alive() const;

  /// Called about every 100 ms while a statement runs.
  using Tick = std::function<void(std::chrono::milliseconds elapsed)>;

  /// Sends SQL as one simple query, drops result rows, and gives what its last command said. A position in an error is
  /// relative to `statement`.
  Result<Executed, ServerError> execute(std::string_view statement, const Tick& tick = {});
  /// COPY ... FROM stdin with its data.
  Result<Executed, ServerError> copy_in(std::string_view statement, std::string_view data, const Tick& tick = {});
  /// For our own questions: parameters $1.. as text.
  Result<std::vector<Row>, ServerError> query(std::string_view sql,
                                              std::span<const std::optional<std::string>> parameters = {});

  void on_notice(std::function<void(const Notice&)> receiver);

  /// The session as it was after connecting: RESET ALL, RESET SESSION AUTHORIZATION, role again; temporary tables,
  /// prepared statements, LISTENs and session advisory locks of the user's statements too, but not our own lock.
  /// Must be called outside a transaction.
  [[nodiscard]] std::string reset_sql() const;

  /// Ends the statement that runs now, from another thread or a signal. Source: PQcancel.
  void cancel();
  /// A second connection to the same database with the same options.
  [[nodiscard]] Result<Session> another() const;

 private:
  struct State;
  explicit Session(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace migrate::db
