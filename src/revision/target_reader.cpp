#include "revision/target_reader.hpp"

#include <algorithm>
#include <cstdlib>
#include <iterator>

#include "revision/target_errors.hpp"

namespace migrate::revision {
namespace {

/// Revisions whose id or label begins with `prefix`, each once.
std::vector<NodeIndex> find_prefix(const Graph& graph, std::string_view prefix) {
  std::vector<NodeIndex> found;
  for (std::uint32_t i = 0; i < graph.size(); ++i) {
    const auto& node = graph.nodes()[i];
    const auto begins = [prefix](const std::string& name) { return name.starts_with(prefix); };
    if (begins(node.id.str()) || std::any_of(node.labels.begin(), node.labels.end(), begins)) found.push_back({i});
  }
  return found;
}

constexpr std::size_t shortest_prefix = 4;

}  // namespace

Result<TargetReader> TargetReader::make(const Graph& graph, const Graph::Set& applied, const Target& target) {
  TargetReader reader(graph, applied, target);
  if (target.branch) {
    const auto branch = reader.find(*target.branch);
    if (!branch) {
      if (branch.error().diagnostics.front().id == "ambiguous-revision") return fail(branch.error());
      return fail(no_such_branch(graph, *target.branch));
    }
    auto lineage = graph.ancestors_of({&*branch, 1}, false);
    const auto descendants = graph.descendants_of({&*branch, 1}, false);
    for (std::size_t i = 0; i < lineage.size(); ++i) lineage[i] = lineage[i] || descendants[i];
    reader.branch_ = *branch;
    reader.lineage_ = std::move(lineage);
  }
  return reader;
}

/// An id, a label, or the beginning of one. On a branch only what belongs to it competes.
Result<NodeIndex> TargetReader::find(std::string_view name) const {
  if (const auto exact = graph_.find(RevisionId(std::string(name)))) return *exact;
  if (const auto label = graph_.find_label(name)) return *label;
  const auto candidates = only_on_branch(find_prefix(graph_, name));
  if (name.size() < shortest_prefix || candidates.empty()) return fail(unknown_revision(graph_, name, candidates));
  if (candidates.size() > 1) return fail(ambiguous_revision(graph_, name, candidates));
  return candidates.front();
}

std::vector<NodeIndex> TargetReader::only_on_branch(const std::vector<NodeIndex>& nodes) const {
  std::vector<NodeIndex> kept;
  std::copy_if(nodes.begin(), nodes.end(), std::back_inserter(kept), [this](NodeIndex i) { return on_branch(i); });
  return kept;
}

Result<std::vector<NodeIndex>> TargetReader::nodes() const {
  const auto& symbol = target_.symbol;
  if (symbol == "base") return std::vector<NodeIndex>();
  if (symbol == "current") return only_on_branch(graph_.heads_of(applied_));
  // Without a branch `heads` are where a database stands that has everything; a branch's own head counts even if
  // another branch depends on it.
  if (symbol == "heads") return target_.branch ? only_on_branch(graph_.heads()) : graph_.effective_heads();
  if (symbol == "head") {
    auto heads = only_on_branch(graph_.heads());
    if (heads.size() > 1) return fail(multiple_heads(graph_, target_, heads));
    return heads;
  }
  MIGRATE_TRY_ASSIGN(const auto found, find(symbol));
  if (!on_branch(found)) return fail(not_on_branch(graph_, target_, found));
  return std::vector<NodeIndex>{found};
}

Result<Place> TargetReader::node() const {
  MIGRATE_TRY_ASSIGN(const auto found, nodes());
  if (target_.symbol == "current") return one_of(found);
  if (found.size() > 1) return fail(multiple_heads(graph_, target_, found));
  return found.empty() ? Place() : Place(found.front());
}

Result<Place> TargetReader::one_of(const std::vector<NodeIndex>& current) const {
  if (current.size() > 1) return fail(ambiguous_relative_target(graph_, target_, current));
  return current.empty() ? Place() : Place(current.front());
}

Result<Place> TargetReader::current_below() const {
  const auto heads = only_on_branch(graph_.heads_of(applied_));
  if (!heads.empty() || !lineage_) return one_of(heads);
  // The branch may be entered from the trunk, or be there only because another branch depends on it.
  std::vector<NodeIndex> newest;
  const auto is_active = [this](NodeIndex i) { return applied_[i.value] && on_branch(i); };
  for (std::uint32_t i = 0; i < graph_.size(); ++i) {
    const auto& node = graph_.nodes()[i];
    const bool followed = std::any_of(node.children.begin(), node.children.end(), is_active) ||
                          std::any_of(node.dependents.begin(), node.dependents.end(), is_active);
    if (is_active({i}) && !followed) newest.push_back({i});
  }
  return one_of(newest);
}

Result<Place> TargetReader::current_head() const {
  auto heads = only_on_branch(graph_.heads_of(applied_));
  if (!heads.empty() || !lineage_) return one_of(heads);
  // The branch's head may be hidden by another branch that depends on it.
  for (std::uint32_t i = 0; i < graph_.size(); ++i) {
    const auto& children = graph_.nodes()[i].children;
    const bool followed =
        std::any_of(children.begin(), children.end(), [this](NodeIndex child) { return applied_[child.value]; });
    if (applied_[i] && on_branch({i}) && !followed) heads.push_back({i});
  }
  if (heads.empty()) return fail(branch_not_applied(target_));
  return one_of(heads);
}

std::vector<NodeIndex> TargetReader::next(Place place, bool up) const {
  if (!place) return up ? only_on_branch(graph_.bases()) : std::vector<NodeIndex>();
  return only_on_branch(up ? graph_[*place].children : graph_[*place].parents);
}

Result<Place> TargetReader::walk(Place start, int steps, PastTheEnd past) const {
  const bool up = steps > 0;
  Place place = start;
  for (int taken = 0; taken < std::abs(steps); ++taken) {
    const auto choices = next(place, up);
    if (choices.size() > 1) {
      const int remaining = up ? steps - taken - 1 : steps + taken + 1;
      return fail(ambiguous_walk(graph_, target_, place, choices, remaining));
    }
    const bool at_the_end = up ? choices.empty() : !place;
    if (at_the_end && past == PastTheEnd::stop) return place;
    if (at_the_end) return fail(walked_too_far(graph_, target_, start, taken));
    place = choices.empty() ? Place() : Place(choices.front());
  }
  return place;
}

}  // namespace migrate::revision
