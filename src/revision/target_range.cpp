#include <migrate/revision/target.hpp>

#include <algorithm>
#include <iterator>

#include "revision/target_errors.hpp"
#include "revision/target_reader.hpp"

namespace migrate::revision {
namespace {

/// Steps past either end show what there is: `-10:head` is fine in a history of three.
Result<std::vector<NodeIndex>> walk_each(const TargetReader& reader, const std::vector<Place>& starts, int steps) {
  std::vector<NodeIndex> reached;
  for (const Place start : starts) {
    MIGRATE_TRY_ASSIGN(const auto place, reader.walk(start, steps, TargetReader::PastTheEnd::stop));
    if (place) reached.push_back(*place);
  }
  return reached;
}

/// One end of a range. A number alone counts from the other end, which is `other`.
Result<std::vector<NodeIndex>> resolve_end(const Graph& graph, const Graph::Set& applied, const Target& target,
                                           const std::vector<NodeIndex>& other) {
  if (!target.relative) return resolve(graph, applied, target);
  MIGRATE_TRY_ASSIGN(const auto reader, TargetReader::make(graph, applied, target));
  if (target.symbol.empty()) {
    std::vector<Place> starts = {Place()};  // base
    if (!other.empty()) {
      const auto nodes = reader.only_on_branch(other);
      starts.assign(nodes.begin(), nodes.end());
    }
    return walk_each(reader, starts, target.steps);
  }
  MIGRATE_TRY_ASSIGN(const auto start, reader.node());
  MIGRATE_TRY_ASSIGN(const auto place, reader.walk(start, target.steps, TargetReader::PastTheEnd::stop));
  return place ? std::vector<NodeIndex>{*place} : std::vector<NodeIndex>();
}

bool counts_from_other_end(const std::optional<Target>& target) {
  return target && target->relative && target->symbol.empty();
}

std::vector<NodeIndex> members(const Graph::Set& set) {
  std::vector<NodeIndex> result;
  for (std::uint32_t i = 0; i < set.size(); ++i) {
    if (set[i]) result.push_back({i});
  }
  return result;
}

struct Ends {
  std::vector<NodeIndex> from, to;  ///< no `from`: base
};

Result<Ends> resolve_ends(const Graph& graph, const Graph::Set& applied, const TargetRange& range) {
  if (counts_from_other_end(range.from) && counts_from_other_end(range.to)) return fail(range_without_anchor(range));
  Ends ends;
  const auto resolve_to = [&]() -> Result<std::vector<NodeIndex>> {
    return range.to ? resolve_end(graph, applied, *range.to, ends.from) : graph.effective_heads();
  };
  const auto resolve_from = [&]() -> Result<std::vector<NodeIndex>> {
    return range.from ? resolve_end(graph, applied, *range.from, ends.to) : std::vector<NodeIndex>();
  };
  if (counts_from_other_end(range.to)) {
    MIGRATE_TRY_ASSIGN(ends.from, resolve_from());
    MIGRATE_TRY_ASSIGN(ends.to, resolve_to());
  } else {
    MIGRATE_TRY_ASSIGN(ends.to, resolve_to());
    MIGRATE_TRY_ASSIGN(ends.from, resolve_from());
  }
  return ends;
}

}  // namespace

Result<std::vector<NodeIndex>> resolve_range(const Graph& graph, const Graph::Set& applied, const TargetRange& range) {
  MIGRATE_TRY_ASSIGN(auto ends, resolve_ends(graph, applied, range));
  if (ends.from.empty() && range.from && range.from->branch) {
    // LABEL@base: only that branch, up to its ends.
    MIGRATE_TRY_ASSIGN(const auto reader, TargetReader::make(graph, applied, *range.from));
    return reader.only_on_branch(members(graph.ancestors_of(reader.only_on_branch(ends.to), true)));
  }
  const auto below_to = graph.ancestors_of(ends.to, true);
  const auto is_below_to = [&](NodeIndex node) { return below_to[node.value]; };
  if (!std::all_of(ends.from.begin(), ends.from.end(), is_below_to)) {
    return fail(not_ancestor(graph, ends.from, ends.to));
  }

  auto above_from = graph.descendants_of(ends.from, false);
  const auto is_above_from = [&](NodeIndex node) { return above_from[node.value]; };
  // Where only a dependency joins the two, the way over it is meant.
  if (std::none_of(ends.to.begin(), ends.to.end(), is_above_from)) above_from = graph.descendants_of(ends.from, true);
  std::vector<NodeIndex> result;
  for (std::uint32_t i = 0; i < graph.size(); ++i) {
    if (below_to[i] && (ends.from.empty() || above_from[i])) result.push_back({i});
  }
  return result;
}

}  // namespace migrate::revision
