#include <migrate/revision/graph.hpp>

#include <algorithm>

namespace migrate::revision {
namespace {

/// Everything that can be reached from `start`, with a stack of its own: histories are deep.
template <class Neighbours>
Graph::Set reach(std::size_t size, std::span<const NodeIndex> start, const Neighbours& neighbours) {
  Graph::Set reached(size);
  std::vector<NodeIndex> pending(start.begin(), start.end());
  while (!pending.empty()) {
    const auto index = pending.back();
    pending.pop_back();
    if (reached[index.value]) continue;
    reached[index.value] = true;
    neighbours(index, pending);
  }
  return reached;
}

void append(std::vector<NodeIndex>& all, const std::vector<NodeIndex>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

template <class Map, class Key>
std::optional<NodeIndex> find_in(const Map& map, const Key& key) {
  const auto found = map.find(key);
  return found == map.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace

std::optional<NodeIndex> Graph::find(const RevisionId& id) const { return find_in(by_id_, id.str()); }

std::optional<NodeIndex> Graph::find_label(std::string_view label) const {
  return find_in(by_label_, std::string(label));
}

bool Graph::is_head(NodeIndex index) const { return (*this)[index].children.empty(); }
bool Graph::is_branch_point(NodeIndex index) const { return (*this)[index].children.size() > 1; }
bool Graph::is_merge_point(NodeIndex index) const { return (*this)[index].parents.size() > 1; }

Graph::Set Graph::ancestors_of(std::span<const NodeIndex> start, bool with_dependencies) const {
  return reach(size(), start, [&](NodeIndex index, std::vector<NodeIndex>& pending) {
    append(pending, (*this)[index].parents);
    if (with_dependencies) append(pending, (*this)[index].dependencies);
  });
}

Graph::Set Graph::descendants_of(std::span<const NodeIndex> start, bool with_dependents) const {
  return reach(size(), start, [&](NodeIndex index, std::vector<NodeIndex>& pending) {
    append(pending, (*this)[index].children);
    if (with_dependents) append(pending, (*this)[index].dependents);
  });
}

std::vector<NodeIndex> Graph::heads_of(const Set& set) const {
  // Followers have greater numbers, so that one pass from the end knows of each node what lies below it.
  Set has_member_below(size());
  std::vector<NodeIndex> heads;
  for (auto i = static_cast<std::uint32_t>(size()); i-- > 0;) {
    const auto holds = [&](NodeIndex follower) { return set[follower.value] || has_member_below[follower.value]; };
    const auto& node = nodes_[i];
    has_member_below[i] = std::any_of(node.children.begin(), node.children.end(), holds) ||
                          std::any_of(node.dependents.begin(), node.dependents.end(), holds);
    if (set[i] && !has_member_below[i]) heads.push_back({i});
  }
  std::reverse(heads.begin(), heads.end());
  return heads;
}

}  // namespace migrate::revision
