#include <migrate/revision/graph.hpp>

#include <algorithm>
#include <functional>
#include <limits>
#include <numeric>
#include <queue>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <unordered_set>

#include <migrate/base/text.hpp>

#include "revision/graph_cycles.hpp"

namespace migrate::revision {
namespace {

using Kind = GraphError::Kind;
constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();

/// What an unknown name may have meant. Made on the first question only: a good graph asks none.
class Suggestions {
 public:
  explicit Suggestions(const std::vector<NodeInput>& inputs) : inputs_(inputs) {}

  /// The revision of that label, or of that beginning, or the nearest id. `asker`: who names it.
  std::optional<std::string> for_parent(std::string_view name, const NodeInput& asker) {
    if (++asked_ > most_questions) return std::nullopt;
    std::vector<std::string> ids;
    for (const auto* input : all_but_followers(asker)) {
      if (std::find(input->labels.begin(), input->labels.end(), name) != input->labels.end()) return input->id.str();
      ids.push_back(input->id.str());
    }
    return among(std::move(ids), name);
  }
  std::optional<std::string> for_dependency(std::string_view name, const NodeInput& asker) {
    if (++asked_ > most_questions) return std::nullopt;
    std::vector<std::string> names;
    for (const auto* input : all_but_followers(asker)) {
      names.push_back(input->id.str());
      names.insert(names.end(), input->labels.begin(), input->labels.end());
    }
    return among(std::move(names), name);
  }

 private:
  /// Without the revision itself and what follows it: with one of them the history would go in a circle.
  [[nodiscard]] std::vector<const NodeInput*> all_but_followers(const NodeInput& asker) {
    if (followers_.empty()) {
      for (const auto& input : inputs_) {
        for (const auto& parent : input.parents) followers_.emplace(parent.str(), &input);
        for (const auto& name : input.depends_on) followers_.emplace(name, &input);
      }
    }
    std::unordered_set<std::string_view> followed;
    std::vector<const NodeInput*> pending{&asker};
    while (!pending.empty()) {
      const NodeInput& input = *pending.back();
      pending.pop_back();
      if (!followed.insert(input.id.str()).second) continue;
      const auto add = [&](std::string_view name) {
        for (auto [next, end] = followers_.equal_range(name); next != end; ++next) pending.push_back(next->second);
      };
      add(input.id.str());
      for (const auto& label : input.labels) add(label);
    }
    std::vector<const NodeInput*> others;
    for (const auto& input : inputs_) {
      if (!followed.contains(input.id.str())) others.push_back(&input);
    }
    return others;
  }

  static std::optional<std::string> among(std::vector<std::string> candidates, std::string_view name) {
    std::sort(candidates.begin(), candidates.end());
    constexpr std::size_t shortest_prefix = 4;
    const auto first = std::lower_bound(candidates.begin(), candidates.end(), name);
    const auto begins_with_name = [&](auto candidate) {
      return candidate != candidates.end() && candidate->starts_with(name);
    };
    if (name.size() >= shortest_prefix && begins_with_name(first) && !begins_with_name(first + 1)) return *first;
    return nearest(name, candidates);
  }

  /// A question costs as much as the history is long. Where so much is missing, a folder is wrong and not a name.
  static constexpr std::size_t most_questions = 50;
  const std::vector<NodeInput>& inputs_;
  std::unordered_multimap<std::string_view, const NodeInput*> followers_;
  std::size_t asked_ = 0;
};

/// Checks the inputs and puts them in order. Numbers here are those of the inputs.
class Checker {
 public:
  explicit Checker(const std::vector<NodeInput>& inputs)
      : inputs_(inputs), parents_(inputs.size()), dependencies_(inputs.size()), suggestions_(inputs) {}

  /// The inputs in topological order, if there are no errors.
  std::vector<std::uint32_t> order() {
    index_ids();
    index_labels();
    for (std::uint32_t i = 0; i < inputs_.size(); ++i) resolve_parents(i);
    for (std::uint32_t i = 0; i < inputs_.size(); ++i) resolve_dependencies(i);
    auto sorted = sort();
    if (sorted.size() < inputs_.size()) find_cycles();
    return sorted;
  }

  [[nodiscard]] const Edges& parents() const { return parents_; }
  [[nodiscard]] const Edges& dependencies() const { return dependencies_; }

  std::vector<GraphError> take_errors() && {
    std::sort(errors_.begin(), errors_.end(), [](const GraphError& a, const GraphError& b) {
      return std::tie(a.kind, a.subject, a.origins) < std::tie(b.kind, b.subject, b.origins);
    });
    return std::move(errors_);
  }
  [[nodiscard]] bool has_errors() const { return !errors_.empty(); }

 private:
  [[nodiscard]] const std::string& id(std::uint32_t i) const { return inputs_[i].id.str(); }

  void complain(Kind kind, std::string subject, const std::vector<std::uint32_t>& concerned,
                std::optional<std::string> nearest_name = std::nullopt) {
    std::vector<std::size_t> origins;
    for (const auto i : concerned) origins.push_back(inputs_[i].origin);
    // Duplicates have no order of their own; a cycle has.
    if (kind == Kind::duplicate_id || kind == Kind::duplicate_label) std::sort(origins.begin(), origins.end());
    errors_.push_back({kind, std::move(subject), std::move(origins), std::move(nearest_name)});
  }

  void index_ids() {
    by_id_.reserve(inputs_.size());
    std::unordered_map<std::string_view, std::vector<std::uint32_t>> repeated;
    for (std::uint32_t i = 0; i < inputs_.size(); ++i) {
      const auto [first, fresh] = by_id_.emplace(id(i), i);
      if (!fresh) repeated.try_emplace(id(i), 1, first->second).first->second.push_back(i);
    }
    for (const auto& [name, all] : repeated) complain(Kind::duplicate_id, std::string(name), all);
  }

  void index_labels() {
    std::unordered_map<std::string_view, std::vector<std::uint32_t>> repeated;
    for (std::uint32_t i = 0; i < inputs_.size(); ++i) {
      for (const auto& label : inputs_[i].labels) {
        const auto [first, fresh] = by_label_.emplace(label, i);
        if (!fresh && first->second != i) repeated.try_emplace(label, 1, first->second).first->second.push_back(i);
      }
    }
    for (const auto& [label, all] : repeated) complain(Kind::duplicate_label, std::string(label), all);
    for (const auto& [label, owner] : by_label_) {
      const auto same = by_id_.find(label);
      if (same == by_id_.end()) continue;
      if (same->second == owner) {
        complain(Kind::label_is_id, std::string(label), {owner});
      } else {
        complain(Kind::label_is_id, std::string(label), {owner, same->second});
      }
    }
  }

  void resolve_parents(std::uint32_t i) {
    for (const auto& parent : inputs_[i].parents) {
      const auto found = by_id_.find(parent.str());
      if (parent == inputs_[i].id) {
        complain(Kind::self_loop, parent.str(), {i});
      } else if (found == by_id_.end()) {
        complain(Kind::missing_parent, parent.str(), {i}, suggestions_.for_parent(parent.str(), inputs_[i]));
      } else {
        add_once(parents_[i], found->second);
      }
    }
  }

  void resolve_dependencies(std::uint32_t i) {
    for (const auto& name : inputs_[i].depends_on) {
      auto found = by_id_.find(name);
      if (found == by_id_.end()) {
        found = by_label_.find(name);
        if (found == by_label_.end()) {
          complain(Kind::missing_dependency, name, {i}, suggestions_.for_dependency(name, inputs_[i]));
          continue;
        }
      }
      if (found->second == i || id(found->second) == id(i)) {
        complain(Kind::dependency_self_loop, name, {i});
      } else {
        add_once(dependencies_[i], found->second);
      }
    }
  }

  static void add_once(std::vector<std::uint32_t>& list, std::uint32_t item) {
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
  }

  /// Kahn's algorithm; of what is ready the oldest comes first. Shorter than the inputs if there is a cycle.
  [[nodiscard]] std::vector<std::uint32_t> sort() const {
    std::vector<std::uint32_t> by_age(inputs_.size());
    std::iota(by_age.begin(), by_age.end(), 0U);
    std::sort(by_age.begin(), by_age.end(), [this](std::uint32_t a, std::uint32_t b) {
      return std::tie(inputs_[a].create_date, id(a)) < std::tie(inputs_[b].create_date, id(b));
    });
    std::vector<std::uint32_t> age(inputs_.size());
    for (std::uint32_t i = 0; i < by_age.size(); ++i) age[by_age[i]] = i;

    Edges followers(inputs_.size());
    std::vector<std::size_t> waits_for(inputs_.size());
    std::priority_queue<std::uint32_t, std::vector<std::uint32_t>, std::greater<>> ready;
    for (std::uint32_t i = 0; i < inputs_.size(); ++i) {
      waits_for[i] = parents_[i].size() + dependencies_[i].size();
      for (const auto needed : parents_[i]) followers[needed].push_back(i);
      for (const auto needed : dependencies_[i]) followers[needed].push_back(i);
      if (waits_for[i] == 0) ready.push(age[i]);
    }
    std::vector<std::uint32_t> sorted;
    sorted.reserve(inputs_.size());
    while (!ready.empty()) {
      const auto node = by_age[ready.top()];
      ready.pop();
      sorted.push_back(node);
      for (const auto follower : followers[node]) {
        if (--waits_for[follower] == 0) ready.push(age[follower]);
      }
    }
    return sorted;
  }

  /// One error per knot of parents, and one per knot of parents and dependencies that a dependency closes.
  void find_cycles() {
    for (auto& knot : knots(parents_)) {
      sort_by_id(knot);
      report(Kind::cycle, shortest_cycle(parents_, knot, [](auto, auto) { return true; }));
    }
    Edges all = parents_;
    for (std::uint32_t i = 0; i < all.size(); ++i) {
      for (const auto needed : dependencies_[i]) add_once(all[i], needed);
    }
    const auto is_dependency = [this](std::uint32_t from, std::uint32_t to) {
      const auto& list = dependencies_[from];
      return std::find(list.begin(), list.end(), to) != list.end();
    };
    for (auto& knot : knots(all)) {
      sort_by_id(knot);
      report(Kind::dependency_cycle, shortest_cycle(all, knot, is_dependency));
    }
  }

  /// So that the cycle which is shown does not depend on the order in which files were read.
  void sort_by_id(std::vector<std::uint32_t>& list) const {
    std::sort(list.begin(), list.end(), [this](std::uint32_t a, std::uint32_t b) { return id(a) < id(b); });
  }

  void report(Kind kind, const std::vector<std::uint32_t>& cycle) {
    if (!cycle.empty()) complain(kind, id(cycle.front()), cycle);
  }

  const std::vector<NodeInput>& inputs_;
  Edges parents_, dependencies_;
  std::unordered_map<std::string_view, std::uint32_t> by_id_, by_label_;
  Suggestions suggestions_;
  std::vector<GraphError> errors_;
};

/// Gives each node the labels that reach it.
class BranchPainter {
 public:
  explicit BranchPainter(std::vector<Node>& nodes) : nodes_(nodes) {}

  void paint() {
    const bool any = std::any_of(nodes_.begin(), nodes_.end(), [](const Node& node) { return !node.labels.empty(); });
    if (!any) return;
    for (auto& node : nodes_) {
      node.branches = node.labels;
      for (const auto parent : node.parents) {
        const auto& inherited = nodes_[parent.value].branches;
        node.branches.insert(node.branches.end(), inherited.begin(), inherited.end());
      }
      make_set(node.branches);
    }
    find_open_ends();
    for (std::uint32_t i = 0; i < nodes_.size(); ++i) paint_upwards(i);
  }

 private:
  static void make_set(std::vector<std::string>& names) {
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
  }

  /// Is neither a merge nor followed, as a parent or a dependency, by more than one revision.
  [[nodiscard]] bool is_plain(std::uint32_t index) const {
    const Node& node = nodes_[index];
    if (node.parents.size() > 1 || node.children.size() > 1) return false;
    const auto other_dependents =
        std::count_if(node.dependents.begin(), node.dependents.end(),
                      [&](NodeIndex dependent) { return node.children.empty() || dependent != node.children.front(); });
    return other_dependents + static_cast<std::ptrdiff_t>(node.children.size()) <= 1;
  }

  void find_open_ends() {
    leads_plainly_to_head_.assign(nodes_.size(), false);
    for (auto i = static_cast<std::uint32_t>(nodes_.size()); i-- > 0;) {
      const auto& children = nodes_[i].children;
      leads_plainly_to_head_[i] = is_plain(i) && (children.empty() || leads_plainly_to_head_[children.front().value]);
    }
  }

  void paint_upwards(std::uint32_t index) {
    const auto labels = nodes_[index].labels;
    if (labels.empty() || !leads_plainly_to_head_[index]) return;
    while (!nodes_[index].parents.empty()) {
      index = nodes_[index].parents.front().value;
      if (!leads_plainly_to_head_[index]) return;
      auto& branches = nodes_[index].branches;
      branches.insert(branches.end(), labels.begin(), labels.end());
      make_set(branches);
    }
  }

  std::vector<Node>& nodes_;
  std::vector<bool> leads_plainly_to_head_;
};

std::vector<NodeIndex> renumber(const std::vector<std::uint32_t>& inputs, const std::vector<std::uint32_t>& position) {
  std::vector<NodeIndex> result;
  result.reserve(inputs.size());
  for (const auto input : inputs) result.push_back({position[input]});
  return result;
}

}  // namespace

Result<Graph, std::vector<GraphError>> Graph::build(std::vector<NodeInput> inputs) {
  Checker checker(inputs);
  const auto order = checker.order();
  if (checker.has_errors()) return Unexpected{std::move(checker).take_errors()};

  std::vector<std::uint32_t> position(inputs.size(), none);
  for (std::uint32_t i = 0; i < order.size(); ++i) position[order[i]] = i;

  Graph graph;
  graph.nodes_.resize(inputs.size());
  graph.by_id_.reserve(inputs.size());
  for (std::uint32_t i = 0; i < order.size(); ++i) {
    auto& input = inputs[order[i]];
    auto& node = graph.nodes_[i];
    node.parents = renumber(checker.parents()[order[i]], position);
    node.dependencies = renumber(checker.dependencies()[order[i]], position);
    for (const auto parent : node.parents) graph.nodes_[parent.value].children.push_back({i});
    for (const auto needed : node.dependencies) graph.nodes_[needed.value].dependents.push_back({i});
    graph.by_id_.emplace(input.id.str(), NodeIndex{i});
    for (const auto& label : input.labels) graph.by_label_.emplace(label, NodeIndex{i});
    node.id = std::move(input.id);
    node.message = std::move(input.message);
    node.create_date = input.create_date;
    node.origin = input.origin;
    node.labels = std::move(input.labels);
  }
  for (std::uint32_t i = 0; i < graph.nodes_.size(); ++i) {
    const auto& node = graph.nodes_[i];
    if (node.parents.empty()) graph.bases_.push_back({i});
    if (!node.children.empty()) continue;
    graph.heads_.push_back({i});
    if (node.dependents.empty()) graph.effective_heads_.push_back({i});
  }
  BranchPainter(graph.nodes_).paint();
  return graph;
}

}  // namespace migrate::revision
