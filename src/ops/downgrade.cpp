#include <migrate/ops/migration.hpp>

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
  return run_migration(context, decide, options);
}

}  // namespace migrate::ops
