#include "ops/runner.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/db/lock_retry.hpp>

#include "ops/gate.hpp"
#include "ops/guards.hpp"

namespace migrate::ops {
namespace {

using Clock = std::chrono::steady_clock;

/// Passes the executor's events on to the observer of the verb.
class StepEvents final : public db::RunObserver {
 public:
  StepEvents(Observer& observer, const StepSummary& step) : observer_(observer), step_(step) {}

  void statement_started(const db::RevisionRun& run, std::size_t index) override {
    const auto& statement = run.statements[index];
    observer_.statement_started(step_, index, statement.facts, run.source->text(statement.statement.range));
  }
  void statement_running(const db::RevisionRun&, std::size_t index, std::chrono::milliseconds elapsed) override {
    observer_.statement_running(step_, index, elapsed);
  }
  void statement_progress(const db::RevisionRun&, std::size_t index, const db::Progress& progress) override {
    observer_.statement_progress(step_, index, progress);
  }
  void statement_done(const db::RevisionRun&, std::size_t index, const db::Executed& executed) override {
    observer_.statement_done(step_, index, executed);
  }
  void statement_settled(const db::RevisionRun&, std::size_t index, const std::string& words) override {
    observer_.statement_settled(step_, index, words);
  }
  void lock_failed(const db::RevisionRun&, const db::LockFailure& failure) override {
    observer_.lock_failed(step_, failure);
  }
  void waiting_for_lock(const db::RevisionRun&, const std::optional<db::LockHolder>& holder,
                        std::chrono::milliseconds waited) override {
    observer_.waiting_for_lock(holder, waited);
  }
  void batch_done(const db::RevisionRun&, std::size_t index, const db::BatchProgress& progress) override {
    observer_.batch_done(step_, index, progress);
  }

 private:
  Observer& observer_;
  const StepSummary& step_;
};

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
    outcome_.duration = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
    return std::move(outcome_);
  }

 private:
  Result<void> work() {
    MIGRATE_TRY_ASSIGN(const History files, History::load(context_.settings));
    MIGRATE_TRY_ASSIGN(Connection connection, connect(context_, Purpose::change));
    outcome_.database = connection.session.info();

    MIGRATE_TRY_ASSIGN(Standing standing, look(files, connection));
    MIGRATE_TRY_ASSIGN(std::vector<PreparedStep> steps, decide_(connection, standing));
    account_for(standing, steps);
    MIGRATE_TRY(guard_drift(context_, standing, steps, options_));
    if (steps.empty()) return {};
    MIGRATE_TRY(guard_writable(connection.session.info()));
    MIGRATE_TRY(check_one_transaction(steps));

    MIGRATE_TRY_ASSIGN(const auto lock, take_lock(connection));
    // Another run may have been at work while this one waited.
    MIGRATE_TRY_ASSIGN(db::JournalContent again, read_journal(context_, connection));
    if (differs(again, standing.journal)) {
      MIGRATE_TRY_ASSIGN(standing, lay_over(files, std::move(again)));
      MIGRATE_TRY_ASSIGN(steps, decide_(connection, standing));
      account_for(standing, steps);
      MIGRATE_TRY(guard_drift(context_, standing, steps, options_));
      if (steps.empty()) return {};
      MIGRATE_TRY(check_one_transaction(steps));
    }
    if (options_.lint) MIGRATE_TRY(pass_gate(context_, judge_steps(context_, connection, standing, steps)));
    MIGRATE_TRY(guard_data(context_, connection.session, steps, options_));
    MIGRATE_TRY(back_up_before(context_, connection, steps, options_));
    return run_steps(connection, standing, steps);
  }

  Result<Standing> look(const History& files, Connection& connection) {
    MIGRATE_TRY_ASSIGN(db::JournalContent journal, read_journal(context_, connection));
    if (!journal.exists && journal.database_has_tables) {
      context_.observer.warning(
          warning("unmanaged-database", fmt::format("database `{}` has tables but no journal",
                                                    connection.session.info().database))
              .help("if it already holds what some revisions make, say so first: migrate stamp REVISION"));
    }
    return lay_over(files, std::move(journal));
  }

  static bool differs(const db::JournalContent& a, const db::JournalContent& b) {
    const auto same = [](const db::JournalRow& x, const db::JournalRow& y) {
      return x.entry.id == y.entry.id && x.state == y.state && x.steps_done == y.steps_done &&
             x.entry.checksum == y.entry.checksum;
    };
    return a.exists != b.exists || !std::equal(a.rows.begin(), a.rows.end(), b.rows.begin(), b.rows.end(), same);
  }

  Result<db::MigrationLock> take_lock(Connection& connection) {
    return db::MigrationLock::acquire(connection.session, connection.journal.schema(),
                                      context_.settings.migration_lock_timeout.value,
                                      [this](const auto& holder, auto waited) {
                                        context_.observer.waiting_for_lock(holder, waited);
                                      });
  }

  /// The outcome before anything ran: all steps skipped, the database where it was.
  void account_for(const Standing& standing, const std::vector<PreparedStep>& steps) {
    outcome_.from = standing.history.summaries(standing.current());
    outcome_.to = outcome_.from;
    outcome_.at_head = standing.pending().empty() && standing.unfinished.empty();
    outcome_.steps.clear();
    for (const auto& step : steps) outcome_.steps.push_back({.step = step.summary});
  }

  [[nodiscard]] bool one_transaction() const { return options_.single_transaction || options_.dry_run; }

  Result<void> check_one_transaction(const std::vector<PreparedStep>& steps) const {
    if (!one_transaction()) return {};
    for (const auto& step : steps) {
      if (step.summary.transactional) continue;
      const char* flag = options_.dry_run ? "--dry-run" : "--single-transaction";
      auto refusal = error("cannot-run-in-one-transaction",
                           fmt::format("revision {} cannot run inside a transaction, as {} asks",
                                       step.summary.revision.id.str(), flag))
                         .in_file(step.summary.revision.path);
      for (const auto& statement : step.statements) {
        if (statement.facts.block_rule != sql::BlockRule::forbidden) continue;
        refusal = std::move(refusal).note(fmt::format("PostgreSQL refuses `{}` in a transaction block", statement.facts.tag));
        break;
      }
      return fail(std::move(refusal)
                      .note("state", "nothing was changed")
                      .help(fmt::format("leave out {}, or stop before it with a target", flag)));
    }
    return {};
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
      MIGRATE_TRY(say(connection.session, "BEGIN"));
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

  Result<void> run_each(Connection& connection, const Standing& standing, const std::vector<PreparedStep>& steps,
                        revision::Graph::Set& applied) {
    if (options_.dry_run && !standing.journal.exists) {
      MIGRATE_TRY(say(connection.session, connection.journal.create_sql()));
    }
    const auto scope = one_transaction() ? db::TransactionScope::outer : db::TransactionScope::own;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      if (context_.interrupt && context_.interrupt->raised()) return fail(interrupted(connection));
      MIGRATE_TRY_ASSIGN(last_run_, make_run(standing, steps[i], context_.settings));
      const db::RevisionRun& run = *last_run_;
      const StepSummary& step = outcome_.steps[i].step;
      context_.observer.step_started(step, i);
      StepEvents events(context_.observer, step);
      auto report = db::run_revision(connection.session, connection.journal, run, events, scope);
      if (!report) return step_failed(connection, run, i, report.error());
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
    outcome_.steps[index].status = StepStatus::failed;
    outcome_.steps[index].failed_statement = failure.statement;
    if (failure.aftermath != db::Aftermath::rolled_back) outcome_.state = DatabaseState::partial;
    if (one_transaction() && db::is_lock_failure(failure.server_error)) {
      lock_failed_ = {index, failure};  // told when it is known whether another try follows
    } else {
      context_.observer.step_failed(outcome_.steps[index].step, failure);
    }
    return fail(db::to_failure(failure, run, connection.session.info(), context_.show_detail));
  }

  Result<void> end_one_transaction(Connection& connection, Result<void> result) {
    const bool keep = result && !options_.dry_run;
    if (!keep) {
      auto rolled_back = say(connection.session, "ROLLBACK");
      return result ? std::move(rolled_back) : std::move(result);
    }
    const auto committed = db::commit_revisions(connection.session, connection.journal, *last_run_);
    if (!committed) return fail(db::to_failure(committed.error(), *last_run_, connection.session.info(), context_.show_detail));
    outcome_.state = DatabaseState::advanced;
    return {};
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
