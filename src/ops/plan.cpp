#include <migrate/ops/plan.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>
#include <migrate/db/catalog_reader.hpp>

#include "ops/decide.hpp"
#include "ops/foretell.hpp"
#include "ops/gate.hpp"
#include "ops/guards.hpp"

namespace migrate::ops {
namespace {

// The gate has asked for the catalog where it judged the same statements.
Result<catalog::Schema> schema_for(Connection& connection, GateVerdict& verdict, const Standing& standing,
                                   std::span<const PreparedStep> steps, std::span<const db::RevisionRun> runs) {
  const bool all_asked = std::all_of(steps.begin(), steps.end(),
                                     [&](const PreparedStep& step) { return standing.history.file(step.node); });
  if (verdict.schema && all_asked) return *std::move(verdict.schema);
  catalog::Mentioned names;
  for (const auto& run : runs) mention(names, run);
  return db::read_catalog(connection.session, names);
}

// In few words.
std::string describe(const sql::Treatment& treatment, const db::RevisionRun& run) {
  if (treatment.assertion) return "must be true";
  if (!treatment.batch) return {};
  const auto& batch = *treatment.batch;
  std::string text =
      batch.repeat ? "again until it changes no row" : fmt::format("in batches of {}", plural(batch.rows, "row"));
  const auto pause = batch.pause.value_or(run.batch_pause);
  const auto max_lag = batch.max_lag.value_or(run.batch_max_lag);
  if (pause.count() > 0) text += ", pause " + format_duration(pause);
  if (max_lag.count() > 0) text += ", replicas at most " + format_duration(max_lag) + " behind";
  return text;
}

PlannedStep describe(db::Session& session, const Standing& standing, const PreparedStep& step,
                     const db::RevisionRun& run, Foretelling& foretelling) {
  PlannedStep planned{.step = step.summary, .statements = {}, .steps_done = step.steps_done, .batches = {}};
  if (step.resumed) planned.batches = standing.row(step.node)->batches;
  const auto* file = standing.history.file(step.node);
  planned.reversible = file == nullptr || !file->irreversible;
  auto locks = foretelling.go_through(run);
  for (const auto& [statement, facts, treatment] : run.statements) {
    planned.statements.push_back({.summary = facts.summary,
                                  .line = run.source->line_column({statement.range.begin}).line,
                                  .in_transaction = run.transactional || (!step.options.transaction_none &&
                                                                          facts.block_rule == sql::BlockRule::allowed),
                                  .treatment = describe(treatment, run),
                                  .destroys = losses_of(session, facts),
                                  .locks = std::move(locks[planned.statements.size()])});
  }
  return planned;
}

}  // namespace

Result<PlanOutcome> plan(const Context& context, const std::string& target_text, db::Direction direction, bool lint,
                         bool allow_drift) {
  MIGRATE_TRY_ASSIGN(const auto target, revision::parse_target(target_text));
  MIGRATE_TRY_ASSIGN(const History files, History::load(context.settings));
  MIGRATE_TRY_ASSIGN(Connection connection, connect(context));
  MIGRATE_TRY_ASSIGN(auto journal, read_journal(context, connection));
  if (const auto unmanaged = describe_unmanaged(connection.session.info().database, journal)) {
    context.observer.warning(*unmanaged);
  }
  MIGRATE_TRY_ASSIGN(const Standing standing, lay_over(files, std::move(journal)));

  auto steps = direction == db::Direction::up ? decide_upgrade(standing, target)
                                              : decide_downgrade(connection, standing, target);
  if (!steps) return fail(std::move(steps).error());
  MIGRATE_TRY(guard_drift(context, standing, *steps, {.allow_drift = allow_drift}));

  PlanOutcome outcome;
  GateVerdict verdict;
  if (lint) {
    MIGRATE_TRY_ASSIGN(verdict, judge_steps(context, connection, standing, *steps));
  }
  outcome.findings = std::move(verdict.findings);
  outcome.refused = verdict.errors > 0;
  outcome.database = connection.session.info();
  outcome.from = standing.history.summaries(standing.current());
  auto applied = standing.applied;
  std::vector<db::RevisionRun> runs;
  for (const auto& step : *steps) {
    MIGRATE_TRY_ASSIGN(runs.emplace_back(), make_run(standing, step, context.settings));
  }
  MIGRATE_TRY_ASSIGN(auto schema, schema_for(connection, verdict, standing, *steps, runs));
  Foretelling foretelling(std::move(schema), outcome.database.server_version_num);
  std::vector<std::string> losses;
  for (const auto& step : *steps) {
    applied[step.node.value] = direction == db::Direction::up;
    const auto& run = runs[outcome.steps.size()];
    auto planned = describe(connection.session, standing, step, run, foretelling);
    for (const auto& statement : planned.statements) {
      losses.insert(losses.end(), statement.destroys.begin(), statement.destroys.end());
    }
    outcome.steps.push_back(std::move(planned));
  }
  warn_of_losses(context, losses);
  outcome.to = standing.history.summaries(standing.history.graph().heads_of(applied));
  return outcome;
}

}  // namespace migrate::ops
