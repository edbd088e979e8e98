#include <migrate/ops/branches.hpp>

namespace migrate::ops {

Result<BranchesOutcome> branches(const Context& context) {
  MIGRATE_TRY_ASSIGN(const History history, History::load(context.settings));
  const auto& graph = history.graph();
  BranchesOutcome outcome;
  for (auto i = static_cast<std::uint32_t>(graph.size()); i-- > 0;) {
    const revision::NodeIndex node{i};
    if (!graph.is_branch_point(node)) continue;
    outcome.points.push_back({lines_of(history, {{node}}).front(), lines_of(history, graph[node].children)});
  }
  return outcome;
}

}  // namespace migrate::ops
