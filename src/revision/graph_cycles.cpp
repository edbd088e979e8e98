#include "revision/graph_cycles.hpp"

#include <algorithm>
#include <limits>

namespace migrate::revision {
namespace {

constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

/// Tarjan's algorithm with a stack of its own.
class KnotFinder {
 public:
  explicit KnotFinder(const Edges& edges)
      : edges_(edges), order_(edges.size(), none), low_(edges.size(), 0), on_stack_(edges.size(), false) {}

  std::vector<std::vector<std::uint32_t>> find() && {
    for (std::uint32_t node = 0; node < edges_.size(); ++node) {
      if (order_[node] == none) visit_from(node);
    }
    return std::move(knots_);
  }

 private:
  struct Frame {
    std::uint32_t node;
    std::size_t next_edge = 0;
  };

  void visit_from(std::uint32_t root) {
    enter(root);
    while (!frames_.empty()) {
      auto& frame = frames_.back();
      if (frame.next_edge < edges_[frame.node].size()) {
        const auto to = edges_[frame.node][frame.next_edge++];
        if (order_[to] == none) {
          enter(to);
        } else if (on_stack_[to]) {
          low_[frame.node] = std::min(low_[frame.node], order_[to]);
        }
      } else {
        leave(frame.node);
      }
    }
  }

  void enter(std::uint32_t node) {
    order_[node] = low_[node] = counter_++;
    stack_.push_back(node);
    on_stack_[node] = true;
    frames_.push_back({node});
  }

  void leave(std::uint32_t node) {
    frames_.pop_back();
    if (!frames_.empty()) low_[frames_.back().node] = std::min(low_[frames_.back().node], low_[node]);
    if (low_[node] != order_[node]) return;
    const auto first = std::find(stack_.rbegin(), stack_.rend(), node).base() - 1;
    for (auto member = first; member != stack_.end(); ++member) on_stack_[*member] = false;
    if (stack_.end() - first > 1) knots_.emplace_back(first, stack_.end());
    stack_.erase(first, stack_.end());
  }

  const Edges& edges_;
  std::vector<std::uint32_t> order_, low_, stack_;
  std::vector<bool> on_stack_;
  std::vector<Frame> frames_;
  std::uint32_t counter_ = 0;
  std::vector<std::vector<std::uint32_t>> knots_;
};

/// Breadth-first search inside one knot.
class PathFinder {
 public:
  PathFinder(const Edges& edges, const std::vector<std::uint32_t>& knot)
      : edges_(edges), inside_(edges.size(), false), came_from_(edges.size(), none) {
    for (const auto node : knot) inside_[node] = true;
  }

  /// The shortest path from `from` to `to` of fewer than `limit` nodes, both ends included; empty if there is none.
  std::vector<std::uint32_t> find(std::uint32_t from, std::uint32_t to, std::size_t limit) {
    for (const auto node : reached_) came_from_[node] = none;
    reached_.assign(1, from);
    came_from_[from] = from;
    std::size_t level_end = 1;
    std::size_t length = 1;
    for (std::size_t i = 0; i < reached_.size() && came_from_[to] == none; ++i) {
      if (i == level_end) {
        level_end = reached_.size();
        ++length;
      }
      if (length + 1 >= limit) return {};
      for (const auto next : edges_[reached_[i]]) {
        if (!inside_[next] || came_from_[next] != none) continue;
        came_from_[next] = reached_[i];
        reached_.push_back(next);
      }
    }
    return came_from_[to] == none ? std::vector<std::uint32_t>() : path_to(from, to);
  }

  [[nodiscard]] bool inside(std::uint32_t node) const { return inside_[node]; }
  [[nodiscard]] std::size_t edges_inside(const std::vector<std::uint32_t>& knot) const {
    std::size_t count = 0;
    for (const auto node : knot) {
      count += static_cast<std::size_t>(
          std::count_if(edges_[node].begin(), edges_[node].end(), [this](auto next) { return inside(next); }));
    }
    return count;
  }

 private:
  [[nodiscard]] std::vector<std::uint32_t> path_to(std::uint32_t from, std::uint32_t to) const {
    std::vector<std::uint32_t> path{to};
    while (path.back() != from) path.push_back(came_from_[path.back()]);
    std::reverse(path.begin(), path.end());
    return path;
  }

  const Edges& edges_;
  std::vector<bool> inside_;
  std::vector<std::uint32_t> came_from_, reached_;
};

}  // namespace

std::vector<std::vector<std::uint32_t>> knots(const Edges& edges) { return KnotFinder(edges).find(); }

std::vector<std::uint32_t> shortest_cycle(const Edges& edges, const std::vector<std::uint32_t>& knot,
                                          const EdgeFilter& must_begin_with) {
  PathFinder paths(edges, knot);
  // A ring has one cycle: searching from each of its nodes in turn would be quadratic for nothing.
  const bool is_ring = paths.edges_inside(knot) == knot.size();
  std::vector<std::uint32_t> best;
  for (const auto node : knot) {
    for (const auto next : edges[node]) {
      if (!paths.inside(next) || !must_begin_with(node, next)) continue;
      // The way back, without `node` itself at its end, is the rest of the cycle.
      auto way_back = paths.find(next, node, best.empty() ? knot.size() + 1 : best.size());
      if (way_back.empty()) continue;
      way_back.pop_back();
      best.assign(1, node);
      best.insert(best.end(), way_back.begin(), way_back.end());
      if (best.size() == 2 || is_ring) return best;
    }
  }
  return best;
}

}  // namespace migrate::revision
