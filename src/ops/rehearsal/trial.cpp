#include "ops/rehearsal/trial.hpp"

#include <algorithm>

#include <migrate/base/text.hpp>

#include "ops/rehearsal/compare.hpp"
#include "ops/rehearsal/sampler.hpp"

namespace migrate::ops {
namespace {

using std::chrono::milliseconds;

class Measuring final : public db::RunObserver {
 public:
  Measuring(db::Session& session, const TriedStep& tried, Watch* watch)
      : session_(session), tried_(tried), watch_(watch) {
    for (const auto& [statement, facts, treatment] : tried.run.statements) {
      const bool alone = !tried.run.transactional && facts.block_rule == sql::BlockRule::forbidden;
      statements.push_back({.summary = facts.summary,
                            .line = tried.run.source->line_column({statement.range.begin}).line,
                            .in_transaction = !alone,
                            .destroys = {},
                            .locks = {},
                            .differences = {}});
    }
  }

  void statement_started(const db::RevisionRun&, std::size_t index) override {
    if (!watch_) return;
    watch_->statement_started();
    if (statements[index].in_transaction || index >= tried_.foretold.size()) return;
    if (!sampler_) sampler_ = LockSampler::make(session_);
    if (sampler_) sampler_->start(tables_of(tried_.foretold[index]));
  }
  void statement_running(const db::RevisionRun&, std::size_t, milliseconds) override {
    if (watch_ && watch_->interrupted()) session_.cancel();
  }

  void statement_done(const db::RevisionRun& run, std::size_t index, const db::Executed& executed) override {
    auto& statement = statements[index];
    statement.done = true;
    statement.duration = std::chrono::duration_cast<milliseconds>(executed.duration);
    if (!watch_) return;
    const auto names = watch_->names();
    const bool outside = !statement.in_transaction && sampler_ != nullptr;
    const auto seen = outside ? watch_->statement_done_outside(sampler_->stop())
                              : watch_->statement_done(run.statements[index].facts.tag.starts_with("TRUNCATE"));
    statement.measured = seen.has_value();
    const auto* foretold = index < tried_.foretold.size() ? &tried_.foretold[index] : nullptr;
    if (seen) {
      statement.locks = locks_of(*seen, foretold);
      if (foretold) statement.differences = differences(*foretold, *seen, outside);
    } else if (foretold) {
      statement.locks = foretold_locks(*foretold, names);
    }
  }

  std::vector<RehearsedStatement> statements;

 private:
  // Those that it is foretold to lock.
  [[nodiscard]] std::vector<std::string> tables_of(const rules::StatementEffects& foretold) const {
    const auto known = watch_->tables();
    std::vector<std::string> tables;
    for (const auto& effect : foretold.relations) {
      if (!known.contains({effect.name.schema, effect.name.name})) continue;
      tables.push_back(quote_identifier(effect.name.schema) + "." + quote_identifier(effect.name.name));
    }
    return tables;
  }

  db::Session& session_;
  const TriedStep& tried_;
  Watch* watch_;
  std::unique_ptr<LockSampler> sampler_;
};

}  // namespace

TriedOutcome try_revision(Copy& copy, const db::Journal& journal, const TriedStep& tried, Watch* watch) {
  Measuring measuring(copy.session, tried, watch);
  auto report = db::run_revision(copy.session, journal, tried.run, measuring);
  TriedOutcome outcome;
  outcome.statements = std::move(measuring.statements);
  if (report) {
    outcome.duration = report->duration;
  } else {
    outcome.failure = std::move(report).error();
  }
  return outcome;
}

}  // namespace migrate::ops
