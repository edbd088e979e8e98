#include "ops/runner.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/db/lock_retry.hpp>

#include "ops/gate.hpp"
#include "ops/guards.hpp"
#include "ops/one_transaction.hpp"
#include "ops/pooled.hpp"
#include "ops/step_events.hpp"
#include "ops/take_lock.hpp"

namespace migrate::ops {
namespace {

using Clock = std::chrono::steady_clock;

/// One run from connection to account. A member function per stage of the life of an upgrade.
class Migration {
 public:
  Migration(const Context& context, const Decide& decide, const RunOptions& options)
      : context_(context), decide_(decide), options_(options) {}

  MigrationOutcome go() {
    const auto started = Clock::now();
    outcome_.dry_run = options_.dry_run;
    auto result = work();
    if (!result) outcome_.failure = std::move(result).error();
    outcome_.steps.insert(outcome_.steps.begin(), earlier_.begin(), earlier_.end());
    outcome_.duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
    return std::move(outcome_);
  }

 private:
  Result<void> work() {
    MIGRATE_TRY_ASSIGN(const History files, History::load(context_.settings));
    MIGRATE_TRY_ASSIGN(Connection made, connect(context_, Purpose::change));
    Connection& connection = connection_.emplace(std::move(made));
    outcome_.database = connection.session.info();

    MIGRATE_TRY_ASSIGN(Standing standing, look(files, connection));
    stand_at(standing);
    MIGRATE_TRY_ASSIGN(std::vector<PreparedStep> steps, decide_(connection, standing));
    account_for(standing, steps);
    MIGRATE_TRY(guard_drift(context_, standing, steps, options_));
    if (steps.empty()) return {};
    MIGRATE_TRY(guard_writable(connection.session.info()));
    MIGRATE_TRY(check_transaction(steps));
    MIGRATE_TRY_ASSIGN(const bool pooled, is_pooled(connection, steps));
    if (pooled && !one_transaction()) return work_pooled(files, connection, std::move(standing), std::move(steps));

    MIGRATE_TRY(take_lock(connection));
    // Another run may have been at work while this one waited.
    MIGRATE_TRY_ASSIGN(db::JournalContent again, read_journal(context_, connection));
    if (differs(again, standing.journal)) {
      MIGRATE_TRY_ASSIGN(standing, lay_over(files, std::move(again)));
      stand_at(standing);
      MIGRATE_TRY_ASSIGN(steps, decide_(connection, standing));
      account_for(standing, steps);
      MIGRATE_TRY(guard_drift(context_, standing, steps, options_));
      if (steps.empty()) return {};
      MIGRATE_TRY(check_transaction(steps));
    }
    MIGRATE_TRY(check_steps(connection, standing, steps));
    return run_steps(connection, standing, steps);
  }

  Result<void> check_steps(Connection& connection, const Standing& standing, const std::vector<PreparedStep>& steps) {
    if (options_.lint) MIGRATE_TRY(pass_gate(context_, judge_steps(context_, connection, standing, steps)));
    MIGRATE_TRY(guard_data(context_, connection.session, steps, options_));
    return back_up_before(context_, connection, steps, options_);
  }

  /// Whether each transaction may get another server process.
  Result<bool> is_pooled(Connection& connection, const std::vector<PreparedStep>& steps) {
    const auto pooling = connection.session.find_pooling();
    if (!pooling) {
      return fail(db::to_diagnostic(pooling.error()).note("state", "nothing was changed"), ExitCode::unreachable);
    }
    if (*pooling != db::Pooling::transaction) return false;
    MIGRATE_TRY(guard_session(context_, connection.session.info(), steps));
    return true;
  }

  /// Each revision takes the migration lock in its own transaction, so another run may come between two of them: what
  /// is left is then looked at again.
  Result<void> work_pooled(const History& files, Connection& connection, Standing standing,
                           std::vector<PreparedStep> steps) {
    MIGRATE_TRY(check_steps(connection, standing, steps));
    MIGRATE_TRY(connection.journal.ensure(connection.session));
    // What the run was decided by had no journal yet, and another run may have made it.
    bool again = !standing.journal.exists;
    for (;;) {
      if (again) MIGRATE_TRY(look_again(files, connection, standing, steps));
      if (steps.empty()) return {};
      log_position_ = standing.journal.log_position;
      auto result = run_steps(connection, standing, steps);
      again = std::exchange(overtaken_, false);
      if (!again) return result;
      context_.observer.progress("another run has been at work: looking at what is left to do");
    }
  }

  /// What is left of the steps by what the journal says now.
  Result<void> look_again(const History& files, Connection& connection, Standing& standing,
                          std::vector<PreparedStep>& steps) {
    const auto is_done = [](const StepOutcome& step) { return step.status == StepStatus::done; };
    const auto first_undone = std::find_if_not(outcome_.steps.begin(), outcome_.steps.end(), is_done);
    steps.erase(steps.begin(), steps.begin() + (first_undone - outcome_.steps.begin()));
    earlier_.insert(earlier_.end(), outcome_.steps.begin(), first_undone);
    outcome_.steps.erase(outcome_.steps.begin(), first_undone);

    MIGRATE_TRY_ASSIGN(db::JournalContent journal, read_journal(context_, connection));
    MIGRATE_TRY_ASSIGN(standing, lay_over(files, std::move(journal)));
    auto left = without_done(standing, steps);
    if (!left) {
      Failure failure = std::move(left).error();
      if (outcome_.state != DatabaseState::unchanged) failure.exit_code = ExitCode::rolled_back;
      return fail(std::move(failure));
    }
    steps = *std::move(left);
    account_for(standing, steps);
    return {};
  }

  Result<Standing> look(const History& files, Connection& connection) {
    MIGRATE_TRY_ASSIGN(db::JournalContent journal, wait_for_journal(context_, connection));
    const auto unmanaged = describe_unmanaged(connection.session.info().database, journal);
    if (unmanaged) context_.observer.warning(*unmanaged);
    unmanaged_ = unmanaged.has_value();
    return lay_over(files, std::move(journal));
  }

  static bool differs(const db::JournalContent& a, const db::JournalContent& b) {
    const auto same = [](const db::JournalRow& x, const db::JournalRow& y) {
      return x.entry.id == y.entry.id && x.state == y.state && x.steps_done == y.steps_done &&
             x.entry.checksum == y.entry.checksum;
    };
    return a.exists != b.exists || !std::equal(a.rows.begin(), a.rows.end(), b.rows.begin(), b.rows.end(), same);
  }

  Result<void> take_lock(Connection& connection) {
    MIGRATE_TRY_ASSIGN(auto lock, ops::take_lock(context_, connection));
    lock_.emplace(std::move(lock));
    return {};
  }

  /// Where the database is, whatever is decided then.
  void stand_at(const Standing& standing) {
    outcome_.to = standing.history.summaries(standing.current());
    if (earlier_.empty()) outcome_.from = outcome_.to;
    outcome_.at_head = standing.pending().empty() && standing.unfinished.empty();
  }

  /// The outcome before anything ran: all steps skipped, the database where it was.
  void account_for(const Standing& standing, const std::vector<PreparedStep>& steps) {
    stand_at(standing);
    outcome_.steps.clear();
    for (const auto& step : steps) outcome_.steps.push_back({.step = step.summary});
  }

  [[nodiscard]] bool one_transaction() const { return options_.single_transaction || options_.dry_run; }

  Result<void> check_transaction(const std::vector<PreparedStep>& steps) const {
    if (!one_transaction()) return {};
    return check_one_transaction(steps, options_.dry_run ? "--dry-run" : "--single-transaction");
  }

  Result<void> run_steps(Connection& connection, const Standing& standing, const std::vector<PreparedStep>& steps) {
    // A dry run leaves no journal behind either: its own is made inside the transaction that is rolled back.
    if (!options_.dry_run) MIGRATE_TRY(connection.journal.ensure(connection.session));
    announce(connection, standing, steps);
    auto applied = standing.applied;
    auto result = one_transaction() ? run_as_one(connection, standing, steps, applied)
                                    : run_each(connection, standing, steps, applied);
    if (outcome_.dry_run) return result;
    outcome_.to = standing.history.summaries(standing.history.graph().heads_of(applied));
    outcome_.at_head = result && std::find(applied.begin(), applied.end(), false) == applied.end();
    return result;
  }

  /// All of it or nothing; where a lock was not to be had, all of it again.
  Result<void> run_as_one(Connection& connection, const Standing& standing, const std::vector<PreparedStep>& steps,
                          revision::Graph::Set& applied) {
    db::LockRetry retry(options_.dry_run ? std::chrono::milliseconds(0) : context_.settings.lock_retry_for.value);
    for (;;) {
      const auto begun = Clock::now();
      MIGRATE_TRY(begin_one_transaction(connection, standing));
      auto result = run_each(connection, standing, steps, applied);
      result = end_one_transaction(connection, std::move(result));
      if (result) return result;
      applied = standing.applied;
      const auto failed = std::exchange(lock_failed_, std::nullopt);
      const auto tried = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - begun);
      const auto pause = failed ? retry.next(tried) : std::nullopt;
      for (auto& step : outcome_.steps) {
        if (pause || step.status == StepStatus::done) step.status = StepStatus::skipped;
      }
      if (!pause) {
        if (failed) context_.observer.step_failed(outcome_.steps[failed->step].step, failed->failure);
        return result;
      }
      context_.observer.lock_failed(outcome_.steps[failed->step].step,
                                    {.statement = failed->failure.statement,
                                     .deadlock = failed->failure.server_error.sqlstate == "40P01",
                                     .blockers = failed->failure.blockers,
                                     .tries = retry.tries(),
                                     .pause = *pause});
      if (!connection.session.pause(*pause)) return fail(interrupted(connection));
    }
  }

  Result<void> begin_one_transaction(Connection& connection, const Standing& standing) {
    if (!lock_->is_of_transaction()) return say(connection.session, "BEGIN");
    if (connection.session.transaction_status() != db::TransactionStatus::idle) return {};
    // The try before was rolled back, and the lock with it.
    MIGRATE_TRY(take_lock(connection));
    MIGRATE_TRY_ASSIGN(const db::JournalContent journal, read_journal(context_, connection));
    if (differs(journal, standing.journal)) {
      return fail(error("overtaken", "another run has changed the database in the meantime")
                      .note("state", "nothing was changed")
                      .help("run the same command again"),
                  ExitCode::unreachable);
    }
    return options_.dry_run ? Result<void>() : connection.journal.ensure(connection.session);
  }

  Result<void> run_each(Connection& connection, const Standing& standing, const std::vector<PreparedStep>& steps,
                        revision::Graph::Set& applied) {
    if (options_.dry_run && !standing.journal.exists) {
      MIGRATE_TRY(say(connection.session, connection.journal.create_sql()));
    }
    const auto scope = one_transaction() ? db::TransactionScope::outer : db::TransactionScope::own;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (context_.interrupt && context_.interrupt->raised()) return fail(interrupted(connection));
      MIGRATE_TRY_ASSIGN(last_run_, make_run(standing, steps[i], context_.settings));
      if (log_position_) {
        last_run_->lock = db::TransactionLock{.timeout = context_.settings.migration_lock_timeout.value,
                                              .log_position = *log_position_};
      }
      const db::RevisionRun& run = *last_run_;
      const StepSummary& step = outcome_.steps[i].step;
      context_.observer.step_started(step, i);
      StepEvents events(context_.observer, step);
      auto report = db::run_revision(connection.session, connection.journal, run, events, scope);
      if (!report) return step_failed(connection, run, i, report.error());
      if (log_position_) log_position_ = report->log_position;
      outcome_.steps[i].status = StepStatus::done;
      outcome_.steps[i].duration = report->duration;
      applied[steps[i].node.value] = run.direction == db::Direction::up;
      if (!one_transaction()) outcome_.state = DatabaseState::advanced;
      context_.observer.step_done(step, *report);
    }
    return {};
  }

  Result<void> step_failed(Connection& connection, const db::RevisionRun& run, std::size_t index,
                           const db::RunFailure& failure) {
    overtaken_ = failure.overtaken;
    // Where a lock was waited for, nothing of the step was begun.
    if (failure.stage == db::RunStage::lock) return fail(locked_out(connection, run, failure));
    outcome_.steps[index].status = StepStatus::failed;
    outcome_.steps[index].failed_statement = failure.statement;
    if (failure.aftermath != db::Aftermath::rolled_back) outcome_.state = DatabaseState::partial;
    if (one_transaction() && db::is_lock_failure(failure.server_error)) {
      lock_failed_ = {index, failure};  // told when it is known whether another try follows
    } else {
      context_.observer.step_failed(outcome_.steps[index].step, failure);
    }
    return fail(to_failure(connection, run, failure));
  }

  /// What never began may still come after what is done.
  Failure to_failure(Connection& connection, const db::RevisionRun& run, const db::RunFailure& failure) const {
    Failure told = db::to_failure(failure, run, connection.session.info(), context_.show_detail);
    if (unmanaged_) told = with_hint_at_stamp(std::move(told));
    const bool advanced = outcome_.state != DatabaseState::unchanged;
    if (advanced && told.exit_code == ExitCode::unreachable) told.exit_code = ExitCode::rolled_back;
    if (one_transaction() && failure.aftermath == db::Aftermath::rolled_back) {
      say_state(told,
                fmt::format("the whole run is rolled back; {} is as before it", connection.session.info().database));
    }
    return told;
  }

  static void say_state(Failure& failure, const std::string& words) {
    for (auto& note : failure.diagnostics.front().notes) {
      if (note.label == "state") note.text = words;
    }
  }

  /// Of a run that takes the lock anew for each revision.
  Failure locked_out(Connection& connection, const db::RevisionRun& run, const db::RunFailure& failure) const {
    Failure told = to_failure(connection, run, failure);
    if (outcome_.state == DatabaseState::unchanged) return told;
    say_state(told, "the revisions before it are whole, and stay");
    return told;
  }

  Result<void> end_one_transaction(Connection& connection, Result<void> result) {
    if (result && options_.dry_run) {
      // What COMMIT would find.
      auto checked = say(connection.session, "SET CONSTRAINTS ALL IMMEDIATE");
      if (!checked) result = std::move(checked);
    }
    const bool keep = result && !options_.dry_run;
    if (!keep) {
      auto rolled_back = say(connection.session, "ROLLBACK");
      return result ? std::move(rolled_back) : std::move(result);
    }
    const auto committed = db::commit_revisions(connection.session, connection.journal, *last_run_);
    if (!committed) return fail(refused_commit(connection, committed.error()));
    outcome_.state = DatabaseState::advanced;
    return {};
  }

  // What a deferred constraint refuses may have come with any of them.
  Failure refused_commit(Connection& connection, const db::RunFailure& refusal) const {
    Failure failure = to_failure(connection, *last_run_, refusal);
    const bool of_server = !refusal.server_error.sqlstate.empty() && !refusal.server_error.connection_lost;
    if (!of_server || outcome_.steps.size() < 2) return failure;
    Diagnostic& told = failure.diagnostics.front();
    told.primary.reset();
    told.file.clear();
    told = std::move(told)
               .note(fmt::format("one transaction of {}: what was refused may be of any of them",
                                 plural(outcome_.steps.size(), "revision")))
               .help("to see of which: migrate upgrade without --single-transaction, on a copy of the database");
    return failure;
  }

  Result<void> say(db::Session& session, const std::string& sql) {
    auto done = session.execute(sql);
    if (done) return {};
    return fail(db::to_diagnostic(done.error()).note("state", "nothing was changed"), ExitCode::rolled_back);
  }

  Failure interrupted(Connection& connection) const {
    return {error("interrupted", "interrupted between two revisions")
                .note("state", fmt::format("every revision before is whole; database `{}` has no half-done work",
                                           connection.session.info().database))
                .help("run the same command again to go on"),
            ExitCode::interrupted};
  }

  void announce(Connection& connection, const Standing& standing, const std::vector<PreparedStep>& steps) {
    RunSummary summary;
    summary.from = outcome_.from;
    summary.dry_run = options_.dry_run;
    auto applied = standing.applied;
    for (const auto& step : steps) {
      applied[step.node.value] = step.summary.direction == db::Direction::up;
      summary.steps.push_back(step.summary);
    }
    summary.to = standing.history.summaries(standing.history.graph().heads_of(applied));
    context_.observer.run_started(connection.session.info(), summary);
  }

  const Context& context_;
  const Decide& decide_;
  const RunOptions& options_;
  MigrationOutcome outcome_;
  std::optional<db::RevisionRun> last_run_;
  std::optional<Connection> connection_;
  std::optional<db::MigrationLock> lock_;
  // Of a run behind a pooler that takes the lock anew for each revision.
  std::optional<std::int64_t> log_position_;
  bool unmanaged_ = false;  // what is met there may be what a revision makes
  bool overtaken_ = false;
  std::vector<StepOutcome> earlier_;  // done before another run came in between

  struct FailedLock {
    std::size_t step;
    db::RunFailure failure;
  };
  std::optional<FailedLock> lock_failed_;  // of all in one transaction
};

}  // namespace

MigrationOutcome refused(Failure failure) {
  MigrationOutcome outcome;
  outcome.failure = std::move(failure);
  return outcome;
}

MigrationOutcome run_migration(const Context& context, const Decide& decide, const RunOptions& options) {
  return Migration(context, decide, options).go();
}

}  // namespace migrate::ops
