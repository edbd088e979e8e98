#include <migrate/ops/migration.hpp>

#include <fmt/format.h>

#include <migrate/revision/target.hpp>

#include "ops/runner.hpp"

namespace migrate::ops {
namespace {

/// The file's downgrade where there is a file, else the one that the journal keeps.
Result<std::vector<PreparedStep>> prepare_downgrade(Connection& connection, const Standing& standing,
                                                    const revision::Plan& plan) {
  std::vector<PreparedStep> steps;
  Diagnostics problems;
  for (const auto node : plan.steps) {
    std::string stored;
    if (!standing.history.file(node)) {
      const auto& id = standing.history.graph()[node].id;
      MIGRATE_TRY_ASSIGN(stored, connection.journal.read_downgrade(connection.session, id));
    }
    auto step = prepare_step(standing, node, db::Direction::down, std::move(stored));
    if (step) {
      steps.push_back(*std::move(step));
    } else {
      auto& found = step.error().diagnostics;
      problems.insert(problems.end(), found.begin(), found.end());
    }
  }
  if (!problems.empty()) return fail(Failure(std::move(problems)));
  return steps;
}

/// A revision that was left behind half applied cannot be undone by a downgrade written for the whole of it.
Result<void> refuse_half_applied(const Standing& standing) {
  for (const auto node : standing.unfinished) {
    if (standing.row(node)->state != db::RevisionState::applying) continue;
    const auto& id = standing.history.graph()[node].id.str();
    return fail(error("unfinished-upgrade", fmt::format("revision {} is half applied", id))
                    .note("state", fmt::format("{} of {} statements of its upgrade have run",
                                               standing.row(node)->steps_done, standing.row(node)->steps_total))
                    .help(fmt::format("finish it first: migrate upgrade {}", id)),
                ExitCode::left_behind);
  }
  return {};
}

Result<std::vector<PreparedStep>> decide_downgrade(Connection& connection, const Standing& standing,
                                                   const revision::Target& target) {
  MIGRATE_TRY(refuse_half_applied(standing));
  MIGRATE_TRY_ASSIGN(const auto plan, revision::plan_downgrade(standing.history.graph(), standing.applied, target));
  return prepare_downgrade(connection, standing, plan);
}

}  // namespace

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
