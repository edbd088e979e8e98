#include <migrate/ops/current.hpp>

#include <algorithm>

#include "ops/look.hpp"

namespace migrate::ops {
namespace {

/// Applied ends of lineages below `head` that only a dependency ties to it: `migrate heads` shows them, the journal of
/// another tool would not.
std::vector<revision::NodeIndex> implied_by(const Standing& standing, revision::NodeIndex head) {
  const auto& graph = standing.history.graph();
  const auto below = graph.ancestors_of({{head}}, true);
  std::vector<revision::NodeIndex> implied;
  for (std::uint32_t i = 0; i < graph.size(); ++i) {
    if (!below[i] || i == head.value || !standing.applied[i]) continue;
    const auto& children = graph[{i}].children;
    const bool continued =
        std::any_of(children.begin(), children.end(), [&](auto child) { return bool{standing.applied[child.value]}; });
    if (!continued) implied.push_back({i});
  }
  return implied;
}

}  // namespace

Result<CurrentOutcome> current(const Context& context) {
  MIGRATE_TRY_ASSIGN(const History history, History::load(context.settings));
  MIGRATE_TRY_ASSIGN(const Look found, look(context, history));
  const Standing& standing = found.standing;

  CurrentOutcome outcome;
  outcome.database = found.connection.session.info();
  outcome.masked_url = config::masked(context.settings.database.value);
  outcome.pending = standing.pending().size();
  outcome.unfinished = lines_of(standing, standing.unfinished);
  outcome.missing = describe_missing(standing);
  outcome.now = context.now();

  const auto heads = standing.current();
  auto lines = lines_of(standing, heads);
  for (std::size_t i = 0; i < heads.size(); ++i) {
    outcome.heads.push_back({std::move(lines[i]), standing.history.summaries(implied_by(standing, heads[i]))});
  }
  return outcome;
}

}  // namespace migrate::ops
