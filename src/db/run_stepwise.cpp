// Revisions with statements that PostgreSQL refuses in a transaction block. The journal knows after each statement how
// far it is, so that a run that was cut off goes on where it was.
#include <migrate/base/text.hpp>
#include <migrate/sql/scan.hpp>

#include "db/leftovers.hpp"
#include "db/run_context.hpp"

#include <fmt/format.h>

namespace migrate::db {
namespace {

struct Limits {
  std::string lock_timeout, statement_timeout;  // as the server writes them
};

constexpr std::string_view limits_query =
    "SELECT pg_catalog.current_setting('lock_timeout'), "
    "pg_catalog.current_setting('statement_timeout')";

// CALL and DO may commit, which they can only where there is no block around them.
bool runs_alone(const RunStatement& statement) {
  const auto& facts = statement.facts;
  return facts.block_rule == sql::BlockRule::forbidden || facts.tag == "CALL" || facts.tag == "DO";
}

bool may_commit_inside(const RunStatement& statement) {
  return statement.facts.tag == "CALL" || statement.facts.tag == "DO";
}

// `SET ...`, `RESET ...` and pg_dump's `SELECT pg_catalog.set_config(...)`: they hold for the statements after them.
bool sets_session(std::string_view text) {
  const auto tokens = sql::scan(text);
  if (!tokens) return false;
  std::vector<std::string_view> words;
  for (const auto& token : *tokens) {
    if (token.kind != sql::TokenKind::comment) words.push_back(token.range.of(text));
    if (words.size() == 4) break;
  }
  const auto is = [&](std::size_t i, std::string_view word) {
    return i < words.size() && equals_ignoring_case(words[i], word);
  };
  if (is(0, "SET")) return !is(1, "LOCAL") && !is(1, "CONSTRAINTS") && !is(1, "TRANSACTION");
  if (is(0, "RESET")) return true;
  return is(0, "SELECT") && (is(1, "set_config") || (is(1, "pg_catalog") && is(2, ".") && is(3, "set_config")));
}

class StepwiseRun {
 public:
  explicit StepwiseRun(RunContext& context) : context_(context), run_(context.run), done_(run_.steps_done) {}

  Result<RunReport, RunFailure> go() {
    MIGRATE_TRY(begin());
    for (auto i = static_cast<std::size_t>(run_.steps_done); i < run_.statements.size(); ++i) {
      MIGRATE_TRY(runs_alone(run_.statements[i]) ? run_alone(i) : run_in_block(i));
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

  Result<void, RunFailure> begin() {
    const auto total = static_cast<int>(run_.statements.size());
    Exchange told = exchange(context_.state, {.sql = context_.journal.started_sql(run_.entry, run_.direction, total)});
    if (told.error) {
      RunFailure failure = context_.failure(*std::move(told.error));
      if (done_ > 0) failure.aftermath = Aftermath::left_behind;
      context_.clean_up(context_.failed_sql(failure.server_error));
      return Unexpected{std::move(failure)};
    }
    MIGRATE_TRY(set_limits());
    for (std::size_t i = 0; i < static_cast<std::size_t>(run_.steps_done); ++i) {
      if (!sets_session(text(i))) continue;
      Exchange again = exchange(context_.state, {.sql = text(i)});
      if (again.error) return Unexpected{failed(*std::move(again.error), i)};
    }
    return {};
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
    return {row[0].value_or("0"), row[1].value_or("0")};
  }

  Result<void, RunFailure> run_in_block(std::size_t index) {
    Exchange begun = exchange(context_.state, {.sql = "BEGIN"});
    if (begun.error) return Unexpected{failed(*std::move(begun.error), index)};
    Exchange done = context_.send_statement(index);
    if (done.error) return Unexpected{failed(*std::move(done.error), index)};
    context_.speak_utf8();
    Exchange committed = exchange(context_.state, {.sql = step_done_sql(index)});
    if (committed.error) {
      const bool before_commit = context_.session.transaction_status() == TransactionStatus::failed_block;
      RunFailure failure = failed(*std::move(committed.error), index);
      failure.stage = before_commit ? RunStage::journal : RunStage::commit;
      return Unexpected{std::move(failure)};
    }
    context_.observer.statement_done(run_, index, done.executed);
    return {};
  }

  // Ends the open transaction.
  [[nodiscard]] std::string step_done_sql(std::size_t index) const {
    return fmt::format("{};\n{};\nCOMMIT", context_.as_ourselves_sql(),
                       context_.journal.step_done_sql(run_.entry.id, static_cast<int>(index) + 1));
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
    Exchange done = context_.send_statement(index);
    if (concurrently && !done.error) done.error = complain_of_invalid(index);
    if (done.error) return Unexpected{failed_alone(*std::move(done.error), index, before)};
    if (lifted_) restore_limits();
    context_.speak_utf8();
    // Between the statement and this, a kill leaves the journal one step behind: that is for the next run to find out.
    Exchange told = exchange(context_.state, {.sql = "BEGIN;\n" + step_done_sql(index), .clean_up = true});
    if (told.error) {
      RunFailure failure =
          left_behind(*std::move(told.error), std::nullopt,
                      {fmt::format("statement {} is done, but the journal could not be told", index + 1)});
      failure.stage = RunStage::journal;
      return Unexpected{std::move(failure)};
    }
    context_.observer.statement_done(run_, index, done.executed);
    return {};
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
    if (sql.empty()) return {};
    Exchange lifted = exchange(context_.state, {.sql = sql});
    if (lifted.error) return Unexpected{failed(*std::move(lifted.error), index)};
    lifted_ = now;
    return {};
  }

  void restore_limits() {
    exchange(context_.state,
             {.sql = fmt::format("SET lock_timeout = {};\nSET statement_timeout = {}",
                                 quote_literal(lifted_->lock_timeout), quote_literal(lifted_->statement_timeout)),
              .clean_up = true});
    lifted_.reset();
  }

  // IF NOT EXISTS keeps an index that an earlier attempt left invalid, without a word.
  std::optional<ServerError> complain_of_invalid(std::size_t index) {
    const auto named = parse_named_index(text(index));
    if (!named) return std::nullopt;
    auto invalid = read_invalid_index(context_.session, *named);
    if (!invalid) return std::move(invalid).error();
    if (!*invalid) return std::nullopt;
    ServerError error;
    error.message = fmt::format("index `{}` was there already and is invalid: IF NOT EXISTS keeps it, no query uses it",
                                named->index);
    return error;
  }

  RunFailure failed_alone(ServerError error, std::size_t index, const Leftovers& before) {
    std::vector<std::string> found;
    const RunStatement& statement = run_.statements[index];
    bool left_something = may_commit_inside(statement) || error.connection_lost;
    if (statement.facts.concurrently && !error.connection_lost) {
      const auto after = read_leftovers(context_.session);
      if (after) found = added(before, *after);
      left_something = !after || !found.empty();
      if (const auto named = parse_named_index(text(index)); named && found.empty()) {
        const auto earlier = read_invalid_index(context_.session, *named);
        if (earlier && *earlier) found.push_back(**earlier);
      }
    }
    RunFailure failure = left_something ? left_behind(std::move(error), index, {}) : failed(std::move(error), index);
    failure.found = std::move(found);
    return failure;
  }

  // Nothing is left of the statement itself.
  RunFailure failed(ServerError error, std::optional<std::size_t> index) {
    if (done_ > 0 || error.connection_lost) return left_behind(std::move(error), index, {});
    RunFailure failure = context_.failure(std::move(error), index);
    context_.clean_up(context_.journal.abandoned_sql(run_.entry.id, run_.direction) + ";\n" +
                      context_.failed_sql(failure.server_error));
    return failure;
  }

  RunFailure left_behind(ServerError error, std::optional<std::size_t> index, std::vector<std::string> found) {
    RunFailure failure = context_.failure(std::move(error), index);
    failure.aftermath = Aftermath::left_behind;
    failure.steps_done = done_;
    failure.found = std::move(found);
    context_.clean_up(context_.failed_sql(failure.server_error));
    return failure;
  }

  RunContext& context_;
  const RevisionRun& run_;
  int done_;  // statements that the journal knows of
  Limits limits_;
  std::optional<Limits> lifted_;
};

}  // namespace

Result<RunReport, RunFailure> run_stepwise(RunContext& context) { return StepwiseRun(context).go(); }

}  // namespace migrate::db
