/// \file
/// Runs the statements of one revision and tells the journal, so that both are true or neither.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/base/source.hpp>
#include <migrate/db/journal.hpp>
#include <migrate/db/lock.hpp>
#include <migrate/db/progress.hpp>
#include <migrate/db/session.hpp>
#include <migrate/sql/statement.hpp>
#include <migrate/sql/treatment.hpp>

namespace migrate::db {

struct RunStatement {
  sql::Statement statement;
  sql::StatementFacts facts;
  sql::Treatment treatment = {};
};

/// The migration lock of one revision, taken in its own transaction: where a pooler may give every transaction another
/// server process, no lock of a session can be held.
struct TransactionLock {
  std::chrono::milliseconds timeout{0};
  std::int64_t log_position = 0;  ///< JournalContent::log_position of what the run was decided by
};

/// One section of one revision, ready to run.
struct RevisionRun {
  Direction direction = Direction::up;
  JournalEntry entry;
  SourcePtr source;  ///< where the statements' ranges are
  std::vector<RunStatement> statements;
  bool transactional = true;  ///< false: some statement may not run in a block, or the header says none
  bool resumed = false;       ///< an earlier run left it behind, after `steps_done` statements
  int steps_done = 0;
  std::chrono::milliseconds lock_timeout{0};  ///< 0: the server's own
  std::chrono::milliseconds statement_timeout{0};
  std::chrono::milliseconds retry_for{0};      ///< how long tries that get no lock may take in all; 0: one try
  std::chrono::milliseconds batch_pause{0};    ///< after each batch of a statement that names no pause
  std::chrono::milliseconds batch_max_lag{0};  ///< of replicas, while a statement runs in batches; 0: not asked
  std::optional<TransactionLock> lock;         ///< none: the caller holds a MigrationLock
};

/// How the run's transaction is held.
enum class TransactionScope {
  own,    ///< BEGIN and COMMIT here
  outer,  ///< the caller's transaction holds several revisions (--single-transaction, --dry-run)
};

/// A try that ended because a lock was not to be had, or in a deadlock; another follows.
struct LockFailure {
  std::optional<std::size_t> statement;
  bool deadlock = false;
  std::vector<Blocker> blockers;  ///< empty: nobody was seen
  int tries = 0;                  ///< so far
  std::chrono::milliseconds pause{0};
};

class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void statement_started(const RevisionRun& run, std::size_t index) = 0;
  virtual void statement_running(const RevisionRun& run, std::size_t index, std::chrono::milliseconds elapsed) = 0;
  virtual void statement_done(const RevisionRun& run, std::size_t index, const Executed& executed) = 0;
  /// What the catalog told of a statement whose end nobody saw, and what follows from it.
  virtual void statement_settled(const RevisionRun&, std::size_t /*index*/, const std::string& /*words*/) {}
  virtual void lock_failed(const RevisionRun&, const LockFailure&) {}
  /// About once a second, of a statement that takes longer, where the server tells more than the time.
  virtual void statement_progress(const RevisionRun&, std::size_t /*index*/, const Progress&) {}
  /// Of TransactionLock.
  virtual void waiting_for_lock(const RevisionRun&, const std::optional<LockHolder>&, std::chrono::milliseconds) {}
};

/// What a failed run left.
enum class Aftermath {
  rolled_back,  ///< the database is as before this revision
  left_behind,  ///< statements before `statement` stay; the journal says so
  unknown,      ///< the link was lost in COMMIT and could not be made again to look
};

enum class RunStage { lock, begin, statement, journal, commit };

struct RunFailure {
  ServerError server_error;
  RunStage stage = RunStage::begin;
  std::optional<std::size_t> statement;  ///< which of the run, where one is to blame
  Aftermath aftermath = Aftermath::rolled_back;
  int steps_done = 0;
  std::vector<std::string> found;  ///< what a failed statement left: `invalid index "app.ix_email"`
  int backend_pid = 0;             ///< where the link was lost: the server may still be busy with the statement
  bool unsettled = false;          ///< the catalog does not tell what the statement did: a person has to say
  std::vector<Blocker> blockers;   ///< who was in the way of a lock
  int tries = 1;
  std::optional<BatchesDone> batches;  ///< of `statement`, where it runs in batches
  std::optional<LockHolder> holder;    ///< of RunStage::lock: another run is at work
  bool overtaken = false;              ///< of RunStage::lock: the journal has changed since the run was decided
};

struct RunReport {
  std::chrono::milliseconds duration{0};
  std::size_t statements = 0;
  std::int64_t log_position = 0;  ///< after it, where the run had a TransactionLock
};

/// A COMMIT whose answer was lost is settled by connecting again and reading the journal. The session is then dead.
Result<RunReport, RunFailure> run_revision(Session& session, const Journal& journal, const RevisionRun& run,
                                           RunObserver& observer, TransactionScope scope = TransactionScope::own);

/// Ends the caller's transaction of TransactionScope::outer, of which `last` was the last revision. A lost answer is
/// settled as in run_revision(). Requires: run_revision() said yes to all of them.
Result<void, RunFailure> commit_revisions(Session& session, const Journal& journal, const RevisionRun& last);

/// The failure as the user reads it: place in the revision file with a caret, SQLSTATE, hint, state, next command.
Failure to_failure(const RunFailure& failure, const RevisionRun& run, const DatabaseInfo& database, bool show_detail);

}  // namespace migrate::db
