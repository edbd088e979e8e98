/// \file
/// `migrate lock`: who holds the migration lock, and taking it away from whoever does.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/migration.hpp>

namespace migrate::ops {

/// A revision that the journal says is under way or was left behind.
struct HalfDone {
  revision::RevisionId id;
  std::string message;
  db::RevisionState state = db::RevisionState::applying;
  int steps_done = 0, steps_total = 0;
  std::optional<db::BatchesDone> batches;  ///< of the statement behind them, where it runs in batches
};

struct LockOutcome {
  db::DatabaseInfo database;
  std::optional<db::LockHolder> holder;            ///< none: the lock is free
  std::optional<std::vector<HalfDone>> half_done;  ///< none: the journal could not be read
};

/// Whether the holder gives itself out to be a run of migrate.
bool is_migrate(const db::LockHolder& holder);
/// Whether what it does is hidden from us.
bool is_hidden(const db::LockHolder& holder);
/// What is to be known before ending a holder that is no run of migrate, or hidden; empty: nothing.
std::string caution_about(const db::LockHolder& holder);

/// Reads no revision files. A journal that cannot be read is a warning.
Result<LockOutcome> lock_status(const Context& context);

struct BreakOptions {
  bool yes = false;  ///< don't ask
  RunOptions run;    ///< confirm and ask
};

struct BreakOutcome {
  db::DatabaseInfo database;
  std::optional<db::LockHolder> ended;             ///< none: nobody held the lock
  std::optional<db::LockHolder> successor;         ///< who has taken it since
  std::optional<std::vector<HalfDone>> half_done;  ///< none: the journal could not be read
  std::optional<std::size_t> pending;              ///< revisions; none: the files could not be read
  std::string next;                                ///< a command; empty: there is nothing to do
  std::chrono::milliseconds duration{0};
};

/// Ends the holder's session and waits until the lock is free. Errors: `confirmation-required` (exit code 2),
/// `cannot-break-lock`, `lock-still-held` (3), those of connect().
Result<BreakOutcome> lock_break(const Context& context, const BreakOptions& options);

}  // namespace migrate::ops
