/// \file
/// The migration lock: one runner at a time on one database.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include <migrate/db/session.hpp>

namespace migrate::db {

/// What another role's session is about may be hidden from us: its pid is all that is known then.
struct LockHolder {
  int pid = 0;
  std::string user, application, client, state;
  std::optional<std::chrono::seconds> since;      ///< of its current state or query
  std::optional<std::chrono::seconds> connected;  ///< since its connection was made
};

/// "pid 4711 (app, migrate, from 10.0.0.5, active for 12 s)"
std::string describe(const LockHolder& holder);

/// A session advisory lock, taken by polling pg_try_advisory_lock: a waiter inside pg_advisory_lock() would hold a
/// snapshot, and the holder's CREATE INDEX CONCURRENTLY would wait for it for ever. Behind a pooler that gives each
/// transaction another server process it is the lock of a transaction, which is open as long as it is held.
class MigrationLock {
 public:
  using OnWait = std::function<void(const std::optional<LockHolder>& holder, std::chrono::milliseconds waited)>;

  /// Requires: the session outlives the lock and stays where it is. Errors: `migration-lock-timeout` (exit code 3) that
  /// names the holder, `interrupted` (130), `pooler-without-transactions` (2).
  static Result<MigrationLock> acquire(Session& session, const std::string& journal_schema,
                                       std::chrono::milliseconds timeout, const OnWait& on_wait = {});
  /// Who holds it now.
  static Result<std::optional<LockHolder>> holder(Session& session, const std::string& journal_schema);
  /// Ends the session of `pid`, if it still holds the lock; false: it doesn't. The server frees the lock when that
  /// session's statement has stopped, which may be later. Errors: `cannot-break-lock`.
  static Result<bool> end_holder(Session& session, const std::string& journal_schema, int pid);
  /// From the journal's schema (an advisory lock is the database's own); also for offline scripts.
  static std::int64_t key(const std::string& journal_schema);

  MigrationLock(MigrationLock&& other) noexcept;
  MigrationLock& operator=(MigrationLock&&) = delete;
  ~MigrationLock();  ///< releases
  /// The transaction of a lock that is one's is rolled back.
  void release();
  /// Whether a transaction was begun for it.
  [[nodiscard]] bool is_of_transaction() const { return of_transaction_; }
  /// Sends SQL and commits it: in a transaction of its own, or in the lock's, which is released by that.
  Result<void, ServerError> commit(const std::string& sql);

 private:
  MigrationLock(Session& session, std::int64_t key, bool of_transaction);
  Session* session_;
  std::int64_t key_;
  bool of_transaction_;
};

}  // namespace migrate::db
