#include <migrate/ops/resume.hpp>

#include <algorithm>

#include "ops/decide.hpp"
#include "ops/runner.hpp"

namespace migrate::ops {
namespace {

/// In the order of the graph, which is that of an upgrade.
std::vector<revision::NodeIndex> left_in(const Standing& standing, db::RevisionState state) {
  std::vector<revision::NodeIndex> nodes;
  for (const auto node : standing.unfinished) {
    if (standing.row(node)->state == state) nodes.push_back(node);
  }
  std::sort(nodes.begin(), nodes.end(), [](const auto a, const auto b) { return a.value < b.value; });
  return nodes;
}

Result<std::vector<PreparedStep>> decide_resume(Connection& connection, const Standing& standing) {
  auto half_undone = left_in(standing, db::RevisionState::reverting);
  std::reverse(half_undone.begin(), half_undone.end());
  MIGRATE_TRY_ASSIGN(auto steps, prepare_downgrade(connection, standing, {half_undone}));
  MIGRATE_TRY_ASSIGN(auto upward, prepare_upgrade(standing, {left_in(standing, db::RevisionState::applying)}));
  std::move(upward.begin(), upward.end(), std::back_inserter(steps));
  return steps;
}

}  // namespace

MigrationOutcome resume(const Context& context, const RunOptions& options) {
  return run_migration(context, decide_resume, options);
}

}  // namespace migrate::ops
