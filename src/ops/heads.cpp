#include <migrate/ops/heads.hpp>

namespace migrate::ops {

Result<HeadsOutcome> heads(const Context& context, bool resolve_dependencies) {
  MIGRATE_TRY_ASSIGN(const History history, History::load(context.settings));
  const auto& graph = history.graph();
  return HeadsOutcome{lines_of(history, resolve_dependencies ? graph.effective_heads() : graph.heads())};
}

}  // namespace migrate::ops
