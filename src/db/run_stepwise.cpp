// Revisions with statements that PostgreSQL refuses in a transaction block. The journal knows after each statement how
// far it is, so that a run that was cut off goes on where it was.
#include <migrate/base/text.hpp>
#include <migrate/db/script.hpp>

#include "db/assertion.hpp"
#include "db/batch_resume.hpp"
#include "db/index_state.hpp"
#include "db/leftovers.hpp"
#include "db/run_batches.hpp"
#include "db/run_context.hpp"
#include "db/session_replay.hpp"
#include "db/settle_step.hpp"

#include <utility>

#include <fmt/format.h>

namespace migrate::db {
namespace {

struct Limits {
  std::string lock_timeout, statement_timeout;  // as the server writes them
  std::string transaction_timeout;              // since 17; empty: the server knows none
};

constexpr std::string_view limits_query =
    "SELECT pg_catalog.current_setting('lock_timeout'), "
    "pg_catalog.current_setting('statement_timeout'), pg_catalog.current_setting('transaction_timeout', true)";

class StepwiseRun {
 public:
  explicit StepwiseRun(RunContext& context)
      : context_(context), run_(context.run), done_(run_.steps_done), unsettled_(run_.resumed) {}

  Result<RunReport, RunFailure> go() {
    MIGRATE_TRY(begin());
    for (auto i = static_cast<std::size_t>(run_.steps_done); i < run_.statements.size(); ++i) {
      MIGRATE_TRY_ASSIGN(const bool done, settle(i));
      if (!done) MIGRATE_TRY(run(i));
      ++done_;
    }
    context_.speak_utf8();
    const std::string sql = fmt::format(
        "BEGIN;\n{};\n{};\nCOMMIT;\n{}", context_.as_ourselves_sql(),
        context_.journal.finished_sql(run_.entry.id, run_.direction, context_.elapsed()), context_.session.reset_sql());
    auto committed = send_commit(context_.state, context_.journal, run_, sql);
    if (committed) return context_.report();
    RunFailure failure = left_behind(std::move(committed.error().server_error), std::nullopt, {});
    failure.stage = committed.error().stage;
    return Unexpected{std::move(failure)};
  }

 private:
  [[nodiscard]] std::string_view text(std::size_t index) const {
    return run_.source->text(run_.statements[index].statement.range);
  }

  [[nodiscard]] bool runs_alone(std::size_t index) const { return db::runs_alone(run_, index); }

  Result<void, RunFailure> run(std::size_t index) {
    if (run_.statements[index].treatment.batch) return run_in_batches(index);
    return runs_alone(index) ? run_alone(index) : run_in_block(index);
  }

  Result<void, RunFailure> begin() {
    if (run_.resumed) {
      auto word = context_.journal.last_word(context_.session, run_.entry.id, run_.steps_done + 1);
      if (!word) return Unexpected{failed(std::move(word).error(), std::nullopt)};
      last_word_ = *word;
    }
    const auto total = static_cast<int>(run_.statements.size());
    const std::string sql = context_.journal.started_sql(run_.entry, run_.direction, total) + still_under_way_sql();
    Exchange told = exchange(context_.state, {.sql = sql});
    if (told.error) {
      RunFailure failure = context_.failure(*std::move(told.error));
      if (run_.resumed) failure.aftermath = Aftermath::left_behind;
      context_.clean_up(context_.failed_sql(failure.server_error) + still_under_way_sql());
      return Unexpected{std::move(failure)};
    }
    auto cut_off = take_up_batches(context_);
    if (!cut_off) return Unexpected{failed(std::move(cut_off).error())};
    cut_off_ = *std::move(cut_off);
    MIGRATE_TRY(set_limits());
    for (const std::size_t i : lasting_settings(run_, static_cast<std::size_t>(run_.steps_done))) {
      Exchange again = exchange(context_.state, {.sql = text(i)});
      if (again.error) return Unexpected{failed(*std::move(again.error), i)};
    }
    context_.speak_utf8();
    return {};
  }

  // What the log said of the statement must stay its last word until the statement is settled.
  [[nodiscard]] std::string still_under_way_sql() const {
    if (!unsettled_ || last_word_ != LastWord::under_way) return {};
    return ";\n" + context_.journal.step_started_sql(run_.entry.id, run_.direction, run_.steps_done + 1);
  }

  // For the session, as there is no transaction to set them for: statements of the revision may change them.
  Result<void, RunFailure> set_limits() {
    std::string sql;
    if (run_.lock_timeout.count() > 0) sql += fmt::format("SET lock_timeout = {};\n", run_.lock_timeout.count());
    if (run_.statement_timeout.count() > 0) {
      sql += fmt::format("SET statement_timeout = {};\n", run_.statement_timeout.count());
    }
    Exchange done = exchange(context_.state, {.sql = sql.append(limits_query), .keep_rows = true});
    if (done.error) return Unexpected{failed(*std::move(done.error), std::nullopt)};
    limits_ = read_limits(done);
    return {};
  }

  static Limits read_limits(const Exchange& answer) {
    const Row& row = answer.executed.result.front();
    return {row[0].value_or("0"), row[1].value_or("0"), row[2].value_or("")};
  }

  // Whether the statement is done already.
  Result<bool, RunFailure> settle(std::size_t index) {
    const RunStatement& statement = run_.statements[index];
    const bool goes_on_here = unsettled_ && runs_alone(index);
    // A correction may stand before the statement that failed, which is a later one then.
    const bool may_be_invalid = statement.facts.effect.conditional || (run_.resumed && statement.facts.concurrently);
    if (!goes_on_here && !may_be_invalid) {
      unsettled_ = false;
      return false;
    }
    const auto finding = goes_on_here ? look_for_step(context_.session, statement, text(index), last_word_)
                                      : look_for_invalid_index(context_.session, statement);
    if (!finding) return Unexpected{failed(finding.error(), index)};
    if (finding->verdict == StepFinding::Verdict::unclear) return Unexpected{unclear(*finding, index)};
    if (!finding->words.empty()) context_.observer.statement_settled(run_, index, finding->words);
    if (!finding->mending.empty()) MIGRATE_TRY(mend(finding->mending, index));
    unsettled_ = false;
    if (finding->verdict == StepFinding::Verdict::run) return false;
    MIGRATE_TRY(tell_done(index));
    return true;
  }

  RunFailure unclear(const StepFinding& finding, std::size_t index) {
    ServerError error;
    error.message = finding.words;
    RunFailure failure = left_behind(std::move(error), index, {});
    failure.unsettled = true;
    return failure;
  }

  Result<void, RunFailure> mend(const std::vector<std::string>& statements, std::size_t index) {
    MIGRATE_TRY(lift_limits(index));
    for (const auto& sql : statements) {
      Exchange done = exchange(context_.state, {.sql = sql});
      if (!done.error) continue;
      done.error->position.reset();  // it is in our statement, not in the revision's
      return Unexpected{left_behind(*std::move(done.error), index, {"this was to clear the way: " + sql})};
    }
    if (lifted_) restore_limits();
    return {};
  }

  Result<void, RunFailure> run_in_batches(std::size_t index) {
    auto done = run_batches(context_, index, std::exchange(cut_off_, std::nullopt));
    if (done) return {};
    return Unexpected{failed(std::move(done).error())};
  }

  Result<void, RunFailure> run_in_block(std::size_t index) {
    for (;;) {
      auto tried = try_in_block(index);
      if (tried) return {};
      RunFailure failure = std::move(tried).error();
      if (is_lock_failure(failure.server_error)) {
        context_.end_transaction();
        if (context_.try_again(failure)) continue;
      }
      return Unexpected{failed(std::move(failure))};
    }
  }

  // Leaves a transaction that failed as it is.
  Result<void, RunFailure> try_in_block(std::size_t index) {
    Exchange done = run_or_assert(context_, index, "BEGIN;\n" + context_.keep_place_sql(index));
    if (done.error) return Unexpected{context_.failure(*std::move(done.error), index)};
    // Told before the end of the transaction, as in a revision of one: whoever looks still sees its locks.
    context_.observer.statement_done(run_, index, done.executed);
    context_.speak_utf8();
    Exchange committed = exchange(context_.state, {.sql = step_done_sql(index)});
    if (committed.error) {
      const bool before_commit = context_.session.transaction_status() == TransactionStatus::failed_block;
      RunFailure failure = context_.failure(*std::move(committed.error), index);
      failure.stage = before_commit ? RunStage::journal : RunStage::commit;
      return Unexpected{std::move(failure)};
    }
    return {};
  }

  // Ends the open transaction.
  [[nodiscard]] std::string step_done_sql(std::size_t index) {
    return fmt::format("{};\n{}{};\nCOMMIT", context_.as_ourselves_sql(), context_.keep_lock_sql(),
                       context_.journal.step_done_sql(run_.entry.id, static_cast<int>(index) + 1));
  }

  Result<void, RunFailure> tell_done(std::size_t index) {
    context_.speak_utf8();
    Exchange told = exchange(context_.state, {.sql = "BEGIN", .clean_up = true});
    if (!told.error) {
      // A procedure may have let go of all locks in a transaction of its own.
      auto held = context_.try_to_hold_place();
      if (!held) {
        told.error = std::move(held).error();
      } else if (!*held) {
        told.error = ServerError{.message = "the statement let go of the migration lock, and another run has it now",
                                 .own_id = "lock-released"};
      } else {
        told = exchange(context_.state, {.sql = step_done_sql(index), .clean_up = true});
      }
    }
    if (!told.error) return {};
    RunFailure failure = context_.failure(*std::move(told.error));
    failure.aftermath = Aftermath::left_behind;
    failure.steps_done = done_;
    failure.found = {fmt::format("statement {} is done, but the journal could not be told", index + 1)};
    // Not the failure is the last word on it: whoever goes on is to find out what became of it.
    context_.clean_up(context_.failed_sql(failure.server_error) + ";\n" +
                      context_.journal.step_started_sql(run_.entry.id, run_.direction, static_cast<int>(index) + 1));
    failure.stage = RunStage::journal;
    return Unexpected{std::move(failure)};
  }

  // So that the next run knows that there is something to find out, should nobody see the statement's end.
  Result<void, RunFailure> tell_started(std::size_t index) {
    context_.speak_utf8();
    Exchange told =
        exchange(context_.state, {.sql = fmt::format("BEGIN;\n{};\n{};\nCOMMIT", context_.as_ourselves_sql(),
                                                     context_.journal.step_started_sql(run_.entry.id, run_.direction,
                                                                                       static_cast<int>(index) + 1))});
    if (told.error) return Unexpected{failed(*std::move(told.error), std::nullopt)};
    return {};
  }

  Result<void, RunFailure> run_alone(std::size_t index) {
    const RunStatement& statement = run_.statements[index];
    const bool concurrently = statement.facts.concurrently;
    Leftovers before;
    if (concurrently) {
      auto found = read_leftovers(context_.session);
      if (!found) return Unexpected{failed(std::move(found).error(), index)};
      before = *std::move(found);
      MIGRATE_TRY(lift_limits(index));
    }
    MIGRATE_TRY(tell_started(index));
    MIGRATE_TRY_ASSIGN(const Exchange done, send_alone(index, before));
    if (lifted_) restore_limits();
    // Between the statement and this, a kill leaves the journal one step behind: that is for the next run to find out.
    MIGRATE_TRY(tell_done(index));
    context_.observer.statement_done(run_, index, done.executed);
    return {};
  }

  Result<Exchange, RunFailure> send_alone(std::size_t index, const Leftovers& before) {
    const RunStatement& statement = run_.statements[index];
    const bool may_be_tried_again = !statement.facts.concurrently && !may_commit_inside(statement, text(index));
    for (;;) {
      Exchange done = context_.send_statement(index);
      if (!done.error) return done;
      RunFailure failure = context_.failure(*std::move(done.error), index);
      if (may_be_tried_again && context_.try_again(failure)) continue;
      return Unexpected{failed_alone(std::move(failure), index, before)};
    }
  }

  // lock_timeout would count the wait for old snapshots of others, and leave an invalid index. A limit that the
  // revision set by itself stays.
  Result<void, RunFailure> lift_limits(std::size_t index) {
    Exchange asked = exchange(context_.state, {.sql = limits_query, .keep_rows = true});
    if (asked.error) return Unexpected{failed(*std::move(asked.error), index)};
    const Limits now = read_limits(asked);
    std::string sql;
    if (now.lock_timeout == limits_.lock_timeout) sql += "SET lock_timeout = 0;\n";
    if (now.statement_timeout == limits_.statement_timeout) sql += "SET statement_timeout = 0;\n";
    if (!now.transaction_timeout.empty() && now.transaction_timeout == limits_.transaction_timeout) {
      sql += "SET transaction_timeout = 0;\n";
    }
    if (sql.empty()) return {};
    Exchange lifted = exchange(context_.state, {.sql = sql});
    if (lifted.error) return Unexpected{failed(*std::move(lifted.error), index)};
    lifted_ = now;
    return {};
  }

  void restore_limits() {
    std::string sql = fmt::format("SET lock_timeout = {};\nSET statement_timeout = {}",
                                  quote_literal(lifted_->lock_timeout), quote_literal(lifted_->statement_timeout));
    if (!lifted_->transaction_timeout.empty()) {
      sql += ";\nSET transaction_timeout = " + quote_literal(lifted_->transaction_timeout);
    }
    exchange(context_.state, {.sql = sql, .clean_up = true});
    lifted_.reset();
  }

  RunFailure failed_alone(RunFailure failure, std::size_t index, const Leftovers& before) {
    std::vector<std::string> found;
    const RunStatement& statement = run_.statements[index];
    const bool lost = failure.server_error.connection_lost;
    bool left_something = may_commit_inside(statement, text(index)) || lost;
    if (statement.facts.concurrently && !lost) {
      const auto after = read_leftovers(context_.session);
      if (after) found = added(before, *after);
      left_something = !after || !found.empty();
      if (found.empty()) found = invalid_index_in_the_way(statement);
    }
    if (left_something) {
      RunFailure left = left_behind(failure.server_error, index, std::move(found));
      left.blockers = std::move(failure.blockers);
      left.tries = failure.tries;
      left.unsettled = statement.facts.effect.kind == sql::LastingEffect::Kind::unknown;
      return left;
    }
    RunFailure told = failed(std::move(failure));
    if (!found.empty()) told.found = std::move(found);
    return told;
  }

  std::vector<std::string> invalid_index_in_the_way(const RunStatement& statement) {
    const auto& effect = statement.facts.effect;
    if (effect.kind != sql::LastingEffect::Kind::create_index || effect.object.name.empty()) return {};
    const auto indexes = find_indexes(context_.session, effect);
    if (!indexes || indexes->empty() || indexes->front().valid || !indexes->front().of_table) return {};
    return {"invalid index " + indexes->front().name};
  }

  // Assertions that held are no more than a question.
  [[nodiscard]] bool left_something(const RunFailure& failure) const {
    const auto done = static_cast<std::size_t>(done_);
    for (std::size_t i = 0; i < done; ++i) {
      if (!run_.statements[i].treatment.assertion) return true;
    }
    if (done == run_.statements.size() || !run_.statements[done].treatment.batch) return false;
    return run_.resumed || (failure.batches && failure.batches->batches > 0);
  }

  // What an earlier run began may lie there still, whatever this one did.
  bool may_be_left(RunFailure& failure) {
    if (!run_.resumed) return false;
    if (context_.session.transaction_status() != TransactionStatus::idle) context_.end_transaction();
    auto found = read_leftovers(context_.session);
    if (!found) return true;
    if (failure.found.empty()) failure.found = *std::move(found);
    return !failure.found.empty();
  }

  // Nothing is left of the statement itself.
  RunFailure failed(RunFailure failure) {
    if (left_something(failure) || unsettled_ || failure.server_error.connection_lost || may_be_left(failure)) {
      failure.aftermath = Aftermath::left_behind;
      failure.steps_done = done_;
      context_.clean_up(context_.failed_sql(failure.server_error) + still_under_way_sql());
      return failure;
    }
    context_.clean_up(context_.journal.abandoned_sql(run_.entry.id, run_.direction) + ";\n" +
                      context_.failed_sql(failure.server_error));
    return failure;
  }
  RunFailure failed(ServerError error, std::optional<std::size_t> index) {
    return failed(context_.failure(std::move(error), index));
  }

  RunFailure left_behind(ServerError error, std::optional<std::size_t> index, std::vector<std::string> found) {
    RunFailure failure = context_.failure(std::move(error), index);
    failure.aftermath = Aftermath::left_behind;
    failure.steps_done = done_;
    failure.found = std::move(found);
    context_.clean_up(context_.failed_sql(failure.server_error) + still_under_way_sql());
    return failure;
  }

  RunContext& context_;
  const RevisionRun& run_;
  int done_;  // statements that the journal knows of
  // The statement where an earlier run ended has not been looked for.
  bool unsettled_;
  LastWord last_word_ = LastWord::none;
  std::optional<BatchRecord> cut_off_;  // of the first statement that is run
  Limits limits_;
  std::optional<Limits> lifted_;
};

}  // namespace

Result<RunReport, RunFailure> run_stepwise(RunContext& context) { return StepwiseRun(context).go(); }

}  // namespace migrate::db
