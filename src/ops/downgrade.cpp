#include <migrate/ops/migration.hpp>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "ops/decide.hpp"
#include "ops/runner.hpp"

namespace migrate::ops {

MigrationOutcome downgrade(const Context& context, const std::string& target_text, const RunOptions& options) {
  const auto target = revision::parse_target(target_text);
  if (!target) return refused(target.error());
  const Decide decide = [&target](Connection& connection, const Standing& standing) {
    return decide_downgrade(connection, standing, *target);
  };
  return run_migration(context, decide, options);
}

namespace {

/// What a redo that failed has undone and not applied again: it would be missed, for it was there before.
void tell_what_is_undone(MigrationOutcome& outcome) {
  if (!outcome.failure || outcome.dry_run || outcome.state == DatabaseState::unchanged) return;
  std::vector<std::string> undone;
  for (const auto& step : outcome.steps) {
    if (step.status != StepStatus::done) continue;
    const std::string& id = step.step.revision.id.str();
    if (step.step.direction == db::Direction::down)
      undone.push_back(id);
    else
      std::erase(undone, id);
  }
  if (undone.empty()) return;
  const std::string target = outcome.from.size() == 1 ? outcome.from.front().id.str() : std::string("heads");
  auto& told = outcome.failure->diagnostics.front();
  told = std::move(told)
             .note("undone", fmt::format("{}: the downgrade went through, the upgrade did not", join_with_and(undone)))
             .help(fmt::format("until `migrate upgrade {}` goes through, {} not applied", target,
                               undone.size() == 1 ? "it is" : "they are"));
}

}  // namespace

MigrationOutcome redo(const Context& context, const std::string& target_text, const RunOptions& options) {
  const auto target = revision::parse_target(target_text);
  if (!target) return refused(target.error());
  const Decide decide = [&target](Connection& connection,
                                  const Standing& standing) -> Result<std::vector<PreparedStep>> {
    MIGRATE_TRY_ASSIGN(auto steps, decide_downgrade(connection, standing, *target));
    revision::Plan again;
    for (auto step = steps.rbegin(); step != steps.rend(); ++step) again.steps.push_back(step->node);
    MIGRATE_TRY_ASSIGN(auto upward, prepare_upgrade(standing, again));
    std::move(upward.begin(), upward.end(), std::back_inserter(steps));
    return steps;
  };
  auto outcome = run_migration(context, decide, options);
  tell_what_is_undone(outcome);
  return outcome;
}

}  // namespace migrate::ops
