#include <migrate/revision/target.hpp>

#include <algorithm>

#include "revision/target_errors.hpp"
#include "revision/target_reader.hpp"

namespace migrate::revision {
namespace {

std::vector<NodeIndex> members(const Graph::Set& set) {
  std::vector<NodeIndex> result;
  for (std::uint32_t i = 0; i < set.size(); ++i) {
    if (set[i]) result.push_back({i});
  }
  return result;
}

std::vector<NodeIndex> as_nodes(Place place) {
  return place ? std::vector<NodeIndex>{*place} : std::vector<NodeIndex>();
}

bool has_applied_descendant(const Graph& graph, const Graph::Set& applied, NodeIndex node) {
  const auto descendants = graph.descendants_of(graph[node].children, false);
  for (std::size_t i = 0; i < applied.size(); ++i) {
    if (applied[i] && descendants[i]) return true;
  }
  return false;
}

/// As a downgrade to the node would: its own dependents stay, for it stays.
void remove_what_follows(const Graph& graph, NodeIndex node, Graph::Set& set) {
  const auto followers = graph.descendants_of(graph[node].children, true);
  for (std::size_t i = 0; i < set.size(); ++i) set[i] = set[i] && !followers[i];
}

/// The revision that `-N` undoes last. It is where the walk has one step left: a merge has no one parent to go to, but
/// undoing the merge itself is clear.
Result<std::vector<NodeIndex>> last_undone(const Graph& graph, const Target& target, const TargetReader& reader) {
  MIGRATE_TRY_ASSIGN(const auto start, reader.current_head());
  MIGRATE_TRY_ASSIGN(const auto last, reader.walk(start, target.steps + 1));
  if (!last) return fail(walked_too_far(graph, target, start, -target.steps - 1));
  return as_nodes(last);
}

/// The first revisions to undo: all others to undo follow them.
Result<std::vector<NodeIndex>> first_undone(const Graph& graph, const Graph::Set& applied, const Target& target,
                                            const TargetReader& reader) {
  if (target.symbol.empty()) return last_undone(graph, target, reader);
  MIGRATE_TRY_ASSIGN(const auto start, reader.node());
  MIGRATE_TRY_ASSIGN(const auto place, reader.walk(start, target.steps));
  if (!place) {
    // REV-N down to base means the base that REV stands on: histories beside it are not meant.
    const auto below_start = graph.ancestors_of(start ? as_nodes(start) : graph.bases(), false);
    auto bases = reader.only_on_branch(graph.bases());
    std::erase_if(bases, [&](NodeIndex base) { return !below_start[base.value]; });
    return bases;
  }
  if (!applied[place->value]) {
    return fail(target_not_applied(graph, target, *place, has_applied_descendant(graph, applied, *place)));
  }
  return reader.only_on_branch(graph[*place].children);
}

/// The set without a branch and what depends on it; its trunk stays as far as others stand on it.
void remove_branch(const Graph& graph, NodeIndex branch, Graph::Set& set) {
  const auto above = graph.descendants_of({&branch, 1}, true);
  const auto trunk = graph.ancestors_of({&branch, 1}, false);
  std::vector<NodeIndex> others;
  for (const auto node : members(set)) {
    if (!above[node.value] && !trunk[node.value]) others.push_back(node);
  }
  const auto needed = graph.ancestors_of(others, true);
  for (std::size_t i = 0; i < set.size(); ++i) set[i] = set[i] && needed[i];
}

}  // namespace

Result<std::vector<NodeIndex>> resolve(const Graph& graph, const Graph::Set& applied, const Target& target) {
  MIGRATE_TRY_ASSIGN(const auto reader, TargetReader::make(graph, applied, target));
  if (!target.relative) return reader.nodes();
  auto start = !target.symbol.empty() ? reader.node()
               : target.steps > 0     ? reader.current_below()
                                      : reader.current_head();
  if (!start) return fail(std::move(start).error());
  MIGRATE_TRY_ASSIGN(const auto place, reader.walk(*start, target.steps));
  return as_nodes(place);
}

Result<Plan> plan_upgrade(const Graph& graph, const Graph::Set& applied, const Target& target) {
  if (target.symbol.empty() && target.steps < 0) return fail(upgrade_goes_down(target));
  MIGRATE_TRY_ASSIGN(const auto targets, resolve(graph, applied, target));

  Plan plan;
  const auto required = graph.ancestors_of(targets, true);
  for (const auto node : members(required)) {
    if (!applied[node.value]) plan.steps.push_back(node);
  }
  if (!plan.steps.empty() || target.symbol == "current") return plan;
  if (targets.empty() && !graph.empty()) {
    MIGRATE_TRY_ASSIGN(const auto reader, TargetReader::make(graph, applied, target));
    if (!reader.only_on_branch(members(applied)).empty()) return fail(target_below_current(graph, applied, target));
  }
  for (const auto node : targets) {
    if (has_applied_descendant(graph, applied, node)) return fail(target_below_current(graph, applied, target));
  }
  return plan;
}

Result<Plan> plan_downgrade(const Graph& graph, const Graph::Set& applied, const Target& target) {
  if (target.symbol == "current" && !target.relative) return Plan();
  if (target.symbol.empty() && target.steps > 0) return fail(downgrade_goes_up(target));
  MIGRATE_TRY_ASSIGN(const auto reader, TargetReader::make(graph, applied, target));
  MIGRATE_TRY_ASSIGN(const auto first, first_undone(graph, applied, target, reader));

  Plan plan;
  const auto undone = graph.descendants_of(first, true);
  for (const auto node : members(undone)) {
    if (applied[node.value]) plan.steps.push_back(node);
  }
  std::reverse(plan.steps.begin(), plan.steps.end());
  return plan;
}

Result<Graph::Set> plan_stamp(const Graph& graph, const Graph::Set& applied, std::span<const Target> targets) {
  std::vector<NodeIndex> added;
  auto result = applied;
  for (const auto& target : targets) {
    const bool counts_down = target.symbol.empty() && target.steps < 0;
    std::vector<NodeIndex> named;
    if (!counts_down) {
      MIGRATE_TRY_ASSIGN(named, resolve(graph, applied, target));
    }
    if (named.empty() && target.symbol == "base" && target.branch) {
      MIGRATE_TRY_ASSIGN(const auto reader, TargetReader::make(graph, applied, target));
      remove_branch(graph, *reader.branch(), result);
    } else if (named.empty()) {
      MIGRATE_TRY_ASSIGN(const auto plan, plan_downgrade(graph, applied, target));
      for (const auto node : plan.steps) result[node.value] = false;
    }
    for (const auto node : named) remove_what_follows(graph, node, result);
    added.insert(added.end(), named.begin(), named.end());
  }
  const auto kept = graph.ancestors_of(added, true);
  for (std::size_t i = 0; i < kept.size(); ++i) result[i] = result[i] || kept[i];
  return result;
}

}  // namespace migrate::revision
