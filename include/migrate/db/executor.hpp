/// \file
/// Runs the statements of one revision and tells the journal, so that both are true or neither.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/base/source.hpp>
#include <migrate/db/journal.hpp>
#include <migrate/db/session.hpp>
#include <migrate/sql/statement.hpp>

namespace migrate::db {

struct RunStatement {
  sql::Statement statement;
  sql::StatementFacts facts;
};

/// One section of one revision, ready to run.
struct RevisionRun {
  Direction direction = Direction::up;
  JournalEntry entry;
  SourcePtr source;  ///< where the statements' ranges are
  std::vector<RunStatement> statements;
  bool transactional = true;                  ///< false: some statement may not run in a block, or the header says none
  int steps_done = 0;                         ///< resume a revision that was left behind after so many statements
  std::chrono::milliseconds lock_timeout{0};  ///< 0: the server's own
  std::chrono::milliseconds statement_timeout{0};
};

/// How the run's transaction is held.
enum class TransactionScope {
  own,    ///< BEGIN and COMMIT here
  outer,  ///< the caller's transaction holds several revisions (--single-transaction, --dry-run)
};

class RunObserver {
 public:
  virtual ~RunObserver() = default;
  virtual void statement_started(const RevisionRun& run, std::size_t index) = 0;
  virtual void statement_running(const RevisionRun& run, std::size_t index, std::chrono::milliseconds elapsed) = 0;
  virtual void statement_done(const RevisionRun& run, std::size_t index, const Executed& executed) = 0;
};

/// What a failed run left.
enum class Aftermath {
  rolled_back,  ///< the database is as before this revision
  left_behind,  ///< statements before `statement` stay; the journal says so
  unknown,      ///< the link was lost in COMMIT and could not be made again to look
};

enum class RunStage { begin, statement, journal, commit };

struct RunFailure {
  ServerError server_error;
  RunStage stage = RunStage::begin;
  std::optional<std::size_t> statement;  ///< which of the run, where one is to blame
  Aftermath aftermath = Aftermath::rolled_back;
  int steps_done = 0;
  std::vector<std::string> found;  ///< what a failed statement left: `invalid index "app.ix_email"`
  int backend_pid = 0;             ///< where the link was lost: the server may still be busy with the statement
};

struct RunReport {
  std::chrono::milliseconds duration{0};
  std::size_t statements = 0;
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
