#include <migrate/ops/heads.hpp>

#include <migrate/ops/history.hpp>

namespace migrate::ops {

Result<HeadsOutcome> heads(const Context& context, bool resolve_dependencies) {
  MIGRATE_TRY_ASSIGN(const History history, History::load(context.settings));
  const auto& graph = history.graph();
  const auto& effective = graph.effective_heads();

  HeadsOutcome outcome;
  for (const auto index : resolve_dependencies ? effective : graph.heads()) {
    outcome.heads.push_back({.revision = history.summary(index),
                             .branches = graph[index].branches,
                             .effective = std::find(effective.begin(), effective.end(), index) != effective.end()});
  }
  return outcome;
}

}  // namespace migrate::ops
