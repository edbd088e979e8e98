// One revision under way: what both ways of running it (in one transaction, statement by statement) share.
#pragma once

#include <migrate/db/executor.hpp>
#include <migrate/db/lock_retry.hpp>

#include "db/exchange.hpp"
#include "db/lookout.hpp"

#include <chrono>
#include <string>

namespace migrate::db {

class RunContext {
 public:
  RunContext(Session& session, const Journal& journal, const RevisionRun& run, RunObserver& observer);

  Session& session;
  SessionState& state;
  const Journal& journal;
  const RevisionRun& run;
  RunObserver& observer;
  std::int64_t log_position = 0;  // after the revision, where it takes the migration lock itself

  [[nodiscard]] std::chrono::milliseconds elapsed() const;
  [[nodiscard]] RunReport report() const;
  [[nodiscard]] RunFailure failure(ServerError error, std::optional<std::size_t> statement = std::nullopt) const;

  // A reset that failed or was never sent is made up for.
  Result<void, RunFailure> make_clean();
  // Sends statement `index` as it stands in the source, with its COPY data. `before`: commands of ours that go with it
  // in the same message; they can't fail by themselves, and are ASCII. An error's position is the statement's own.
  Exchange send_statement(std::size_t index, std::string_view before = {});

  // A part of statement `index`, in other words. `begun`: when the first part was.
  Exchange send_part(std::size_t index, std::string_view sql, std::chrono::steady_clock::time_point begun);

  // Pauses and says yes where what failed is to be tried again, which must have been rolled back. An interrupt of the
  // pause takes the failure's place.
  bool try_again(RunFailure& failure);

  // What was tried is done: the next tries have all the time again.
  void forget_tries() { retry_ = LockRetry(run.retry_for); }

  // Says to the server that the journal's writer is us, until the transaction ends: the revision may have changed who
  // the session is.
  [[nodiscard]] std::string as_ourselves_sql() const;
  // The journal's text is UTF-8, whatever the revision set.
  void speak_utf8();
  // SQL that goes before statement `index`, and before COMMIT: the migration lock is kept whatever the revision's
  // functions let go of. Empty where it is not the session's. SET and LOCK may have to come before any query, and call
  // no functions.
  std::string keep_place_sql(std::size_t index);
  std::string keep_lock_sql();
  // In the open transaction. False: another session has the lock.
  Result<bool, ServerError> try_to_hold_place();
  // Best effort: ends the transaction alone. What the revision set for the session stays.
  void end_transaction();
  // Best effort: ends what is open and makes the session as it was.
  void roll_back();
  // The same, and writes `journal_sql`.
  void clean_up(const std::string& journal_sql);
  [[nodiscard]] std::string failed_sql(const ServerError& error) const;
  // applied_sql() or reverted_sql()
  [[nodiscard]] std::string done_sql() const;

 private:
  void tell(std::size_t index, Progress progress) const;

  bool place_held_ = false;
  const bool holds_lock_;
  std::chrono::steady_clock::time_point started_ = std::chrono::steady_clock::now();
  Lookout watch_;
  LockRetry retry_;
  std::chrono::milliseconds last_took_{0};
};

bool holds(const std::vector<std::string>& tags, std::string_view tag);

// Sends what ends a transaction (with COMMIT in it) and settles what became of it. The error's place is the caller's.
// `last`: a revision of that transaction, by whose row in the journal a lost answer is settled.
Result<void, RunFailure> send_commit(SessionState& state, const Journal& journal, const RevisionRun& last,
                                     const std::string& sql);

// Begins the transaction of a revision with a TransactionLock. Its failures of RunStage::lock leave none open.
Result<void, RunFailure> begin_locked(RunContext& context);
// The newest row of the log. `after`: commands of ours that go before the question, in the same message.
Result<std::int64_t, ServerError> read_log_position(SessionState& state, const Journal& journal,
                                                    std::string_view after = {});

// run_revision() for revisions with statements that PostgreSQL refuses in a transaction block.
Result<RunReport, RunFailure> run_stepwise(RunContext& context);

}  // namespace migrate::db
