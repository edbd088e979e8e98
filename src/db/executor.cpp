#include <migrate/db/executor.hpp>

#include "db/assertion.hpp"
#include "db/run_context.hpp"
#include "db/settle.hpp"

#include <fmt/format.h>

namespace migrate::db {
namespace {

// BEGIN and the limits of this transaction. They go with the first statement, which saves a round trip.
std::string begin_sql(const RevisionRun& run, TransactionScope scope) {
  std::string sql = scope == TransactionScope::own && !run.lock ? "BEGIN;\n" : "";
  const auto limit = [&sql](std::string_view name, std::chrono::milliseconds value) {
    if (value.count() > 0) sql += fmt::format("SET LOCAL {} = {};\n", name, value.count());
  };
  limit("lock_timeout", run.lock_timeout);
  limit("statement_timeout", run.statement_timeout);
  return sql;
}

// Statements that end the transaction are refused before they come here, as far as the parser knows them.
bool ended_transaction(const Session& session, const RunStatement& statement, const std::vector<std::string>& tags) {
  if (session.transaction_status() != TransactionStatus::in_block) return true;
  if (holds(tags, "COMMIT")) return true;  // AND CHAIN
  return holds(tags, "ROLLBACK") && statement.facts.transaction_control != sql::TransactionControl::other;
}

RunFailure transaction_ended(RunContext& context, std::size_t index, const std::vector<std::string>& tags) {
  const RevisionRun& run = context.run;
  ServerError error;
  error.message = "the statement ended the transaction of its revision";
  RunFailure failure = context.failure(error, index);
  if (!holds(tags, "COMMIT")) return failure;
  failure.aftermath = Aftermath::left_behind;
  failure.steps_done = static_cast<int>(index) + 1;
  context.clean_up(context.journal.started_sql(run.entry, run.direction, static_cast<int>(run.statements.size())) +
                   ";\n" + context.journal.step_done_sql(run.entry.id, failure.steps_done) + ";\n" +
                   context.failed_sql(error));
  return failure;
}

Result<void, RunFailure> run_statements(RunContext& context, std::string_view begin) {
  // A link that broke since the last revision is no statement's fault.
  const bool link_up = context.session.is_alive();
  for (std::size_t i = 0; i < context.run.statements.size(); ++i) {
    Exchange done = run_or_assert(context, i, std::string(i == 0 ? begin : "") + context.keep_place_sql(i));
    if (done.error) {
      const bool never_began = i == 0 && !link_up && done.error->connection_lost;
      return Unexpected{context.failure(*std::move(done.error), never_began ? std::nullopt : std::optional(i))};
    }
    if (ended_transaction(context.session, context.run.statements[i], done.tags)) {
      return Unexpected{transaction_ended(context, i, done.tags)};
    }
    context.observer.statement_done(context.run, i, done.executed);
  }
  return {};
}

// As below, and learns where the log then ends: nobody else can write into it before COMMIT.
Result<void, RunFailure> commit_with_position(RunContext& context, const std::string& begin) {
  auto position = read_log_position(context.state, context.journal,
                                    fmt::format("{}{};\n{};\n", begin, context.as_ourselves_sql(), context.done_sql()));
  if (!position) {
    RunFailure failure = context.failure(std::move(position).error());
    failure.stage = RunStage::journal;
    return Unexpected{std::move(failure)};
  }
  context.log_position = *position;
  return send_commit(context.state, context.journal, context.run, "COMMIT;\n" + context.session.reset_sql());
}

// Leaves a transaction that failed as it is.
Result<void, RunFailure> try_in_transaction(RunContext& context, TransactionScope scope) {
  const bool own = scope == TransactionScope::own;
  if (own && context.run.lock) MIGRATE_TRY(begin_locked(context));
  const std::string begin = begin_sql(context.run, scope);
  MIGRATE_TRY(run_statements(context, begin));

  context.speak_utf8();
  if (own && context.run.lock) return commit_with_position(context, context.run.statements.empty() ? begin : "");
  const std::string sql =
      fmt::format("{}{};\n{}{};\n{}{}", context.run.statements.empty() ? begin : "", context.as_ourselves_sql(),
                  context.keep_lock_sql(), context.done_sql(), own ? "COMMIT;\n" : "", context.session.reset_sql());
  if (!own) {
    Exchange told = exchange(context.state, {.sql = sql});
    if (!told.error) return {};
    RunFailure failure = context.failure(*std::move(told.error));
    failure.stage = RunStage::journal;
    return Unexpected{std::move(failure)};
  }
  return send_commit(context.state, context.journal, context.run, sql);
}

Result<RunReport, RunFailure> run_in_transaction(RunContext& context, TransactionScope scope) {
  for (;;) {
    auto tried = try_in_transaction(context, scope);
    if (tried) return context.report();
    RunFailure failure = std::move(tried).error();
    const bool begun = failure.stage != RunStage::lock;
    const bool ours = scope == TransactionScope::own && failure.aftermath == Aftermath::rolled_back && begun;
    if (!ours) return Unexpected{std::move(failure)};
    if (is_lock_failure(failure.server_error)) {
      // Nothing is held while it pauses.
      context.roll_back();
      if (context.try_again(failure)) {
        MIGRATE_TRY(context.make_clean());
        continue;
      }
    }
    context.clean_up(context.failed_sql(failure.server_error));
    return Unexpected{std::move(failure)};
  }
}

}  // namespace

Result<void, RunFailure> send_commit(SessionState& state, const Journal& journal, const RevisionRun& last,
                                     const std::string& sql) {
  Exchange done = exchange(state, {.sql = sql});
  if (holds(done.tags, "COMMIT")) {
    // What came after it only tidies the session: the next revision tries that again.
    state.needs_reset = done.error.has_value();
    if (done.error && done.error->interrupted) state.interrupt_told = false;
    return {};
  }
  RunFailure failure;
  // A transaction that failed earlier is "committed" with ROLLBACK as its tag.
  failure.server_error = done.error ? *std::move(done.error) : ServerError{.message = "the transaction had failed"};
  failure.steps_done = last.steps_done;
  const bool before_commit = PQtransactionStatus(state.raw()) == PQTRANS_INERROR;
  failure.stage = before_commit ? RunStage::journal : RunStage::commit;
  if (!failure.server_error.connection_lost) return Unexpected{std::move(failure)};

  failure.backend_pid = state.info.backend_pid;
  switch (settle_commit(state, journal, last)) {
    case Settled::committed: return {};
    case Settled::rolled_back: break;
    case Settled::unknown: failure.aftermath = Aftermath::unknown;
  }
  return Unexpected{std::move(failure)};
}

Result<RunReport, RunFailure> run_revision(Session& session, const Journal& journal, const RevisionRun& run,
                                           RunObserver& observer, TransactionScope scope) {
  RunContext context(session, journal, run, observer);
  // What was begun statement by statement goes on so, whatever the file says now.
  const bool in_transaction = run.transactional && !run.resumed;
  if (scope == TransactionScope::outer && !in_transaction) {
    return Unexpected{context.failure({.message = "the revision cannot run inside another transaction"})};
  }
  if (scope == TransactionScope::own) MIGRATE_TRY(context.make_clean());
  return in_transaction ? run_in_transaction(context, scope) : run_stepwise(context);
}

Result<void, RunFailure> commit_revisions(Session& session, const Journal& journal, const RevisionRun& last) {
  return send_commit(SessionAccess::state(session), journal, last, "COMMIT;\n" + session.reset_sql());
}

}  // namespace migrate::db
