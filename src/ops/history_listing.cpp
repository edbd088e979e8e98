#include <migrate/ops/history_listing.hpp>

#include <algorithm>

#include <migrate/revision/target.hpp>

#include "ops/look.hpp"
#include "ops/targets.hpp"

namespace migrate::ops {
namespace {

/// The revisions of the range, newest first.
Result<std::vector<revision::NodeIndex>> choose(const revision::Graph& graph, const revision::Graph::Set& applied,
                                                const revision::TargetRange& range) {
  std::vector<revision::NodeIndex> nodes;
  if (range.from || range.to) {
    MIGRATE_TRY_ASSIGN(nodes, revision::resolve_range(graph, applied, range));
  } else {
    for (std::uint32_t i = 0; i < graph.size(); ++i) nodes.push_back({i});
  }
  std::reverse(nodes.begin(), nodes.end());
  return nodes;
}

void cut(std::vector<revision::NodeIndex>& nodes, const HistoryOptions& options, HistoryOutcome& outcome) {
  if (!options.limit || nodes.size() <= *options.limit) return;
  outcome.left_out = nodes.size() - *options.limit;
  nodes.resize(*options.limit);
}

}  // namespace

Result<HistoryOutcome> list_history(const Context& context, const HistoryOptions& options) {
  revision::TargetRange range;
  if (!options.range.empty()) {
    MIGRATE_TRY_ASSIGN(range, revision::parse_target_range(options.range));
  }
  MIGRATE_TRY_ASSIGN(const History history, History::load(context.settings));

  Glance found;
  if (options.indicate_current || needs_database(range)) {
    MIGRATE_TRY_ASSIGN(found.look, look(context, history));
  } else {
    found = glance(context, history);
  }

  HistoryOutcome outcome;
  outcome.now = context.now();
  outcome.why_not_asked = std::move(found.why_not);
  if (!found.look) {
    MIGRATE_TRY_ASSIGN(auto nodes, choose(history.graph(), revision::Graph::Set(history.graph().size()), range));
    cut(nodes, options, outcome);
    outcome.revisions = lines_of(history, nodes);
    return outcome;
  }
  const Standing& standing = found.look->standing;
  MIGRATE_TRY_ASSIGN(auto nodes, choose(standing.history.graph(), standing.applied, range));
  cut(nodes, options, outcome);
  outcome.revisions = lines_of(standing, nodes);
  outcome.database = found.look->connection.session.info();
  return outcome;
}

}  // namespace migrate::ops
