#include <migrate/ops/migration.hpp>

#include <migrate/revision/target.hpp>

#include "ops/runner.hpp"

namespace migrate::ops {
namespace {

/// A revision that was left behind half undone would be lost from sight if upgrades went on above it.
Result<void> refuse_half_undone(const Standing& standing) {
  for (const auto node : standing.unfinished) {
    if (standing.row(node)->state != db::RevisionState::reverting) continue;
    const auto& id = standing.history.graph()[node].id.str();
    return fail(error("unfinished-downgrade", fmt::format("revision {} is half undone", id))
                    .note("state", fmt::format("{} of {} statements of its downgrade have run",
                                               standing.row(node)->steps_done, standing.row(node)->steps_total))
                    .help(fmt::format("finish it first: migrate downgrade {}-1", id)),
                ExitCode::left_behind);
  }
  return {};
}

}  // namespace

MigrationOutcome upgrade(const Context& context, const std::string& target_text, const RunOptions& options) {
  const auto target = revision::parse_target(target_text);
  if (!target) return refused(target.error());

  const Decide decide = [&target](Connection&, const Standing& standing) -> Result<std::vector<PreparedStep>> {
    MIGRATE_TRY(refuse_half_undone(standing));
    MIGRATE_TRY_ASSIGN(const auto plan, revision::plan_upgrade(standing.history.graph(), standing.applied, *target));
    return prepare_upgrade(standing, plan);
  };
  return run_migration(context, decide, options);
}

}  // namespace migrate::ops
