#include "property/random_graph.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace migrate::test {

using namespace migrate::revision;

namespace {

std::size_t below(Random& random, std::size_t limit) {
  return std::uniform_int_distribution<std::size_t>(0, limit - 1)(random);
}

bool one_in(Random& random, std::size_t times) { return below(random, times) == 0; }

/// Short ones, so that some begin with others; twelve digits else.
RevisionId random_id(Random& random) {
  const auto bits = random();
  return RevisionId(one_in(random, 4) ? fmt::format("ab{:03x}", bits & 0xFFFU) : fmt::format("{:012x}", bits >> 16U));
}

bool contains(const std::vector<RevisionId>& ids, const RevisionId& id) {
  return std::find(ids.begin(), ids.end(), id) != ids.end();
}

}  // namespace

std::vector<NodeInput> random_graph(Random& random, std::size_t largest) {
  const std::size_t size = 1 + below(random, largest);
  const std::size_t one_in_so_many_forks = 1 + below(random, 6);
  const bool with_dependencies = one_in(random, 2);
  std::vector<NodeInput> inputs;
  for (std::size_t i = 0; i < size; ++i) {
    NodeInput input;
    do input.id = random_id(random);
    while (std::any_of(inputs.begin(), inputs.end(), [&](const NodeInput& other) { return other.id == input.id; }));
    const auto earlier = [&] { return inputs[one_in(random, one_in_so_many_forks) ? below(random, i) : i - 1].id; };
    if (i > 0 && !one_in(random, 9)) input.parents.push_back(earlier());
    for (int more = 0; more < 2 && !input.parents.empty() && one_in(random, 6); ++more) {
      if (const auto parent = inputs[below(random, i)].id; !contains(input.parents, parent))
        input.parents.push_back(parent);
    }
    if (with_dependencies && i > 0 && one_in(random, 3)) {
      const auto& needed = inputs[below(random, i)];
      input.depends_on.push_back(needed.labels.empty() ? needed.id.str() : needed.labels.front());
    }
    if (one_in(random, 5)) input.labels.push_back(fmt::format("label{}", i));
    input.message = "add " + input.id.str();
    input.origin = i;
    inputs.push_back(std::move(input));
  }
  std::shuffle(inputs.begin(), inputs.end(), random);
  return inputs;
}

Graph::Set random_state(Random& random, const Graph& graph) {
  if (one_in(random, 6)) return Graph::Set(graph.size());
  if (one_in(random, 3)) return graph.ancestors_of(graph.heads(), true);
  std::vector<NodeIndex> reached;
  for (std::size_t i = 0; i < 1 + below(random, 2); ++i) {
    reached.push_back({static_cast<std::uint32_t>(below(random, graph.size()))});
  }
  return graph.ancestors_of(reached, true);
}

std::vector<std::string> random_targets(Random& random, const Graph& graph) {
  const auto node = [&]() -> const Node& { return graph.nodes()[below(random, graph.size())]; };
  std::vector<std::string> branches = {node().id.str()};
  for (const auto& any : graph.nodes()) {
    if (!any.labels.empty()) branches.push_back(any.labels.front());
  }
  const std::string branch = branches[below(random, branches.size())];
  const std::string id = node().id.str();
  const auto steps = 1 + below(random, 3);
  return {"heads",
          "head",
          "base",
          id,
          branch,
          id.substr(0, 4),
          branch + "@head",
          branch + "@heads",
          branch + "@base",
          branch + "@" + id,
          fmt::format("+{}", steps),
          fmt::format("-{}", steps),
          fmt::format("{}@+{}", branch, steps),
          fmt::format("{}@-{}", branch, steps),
          fmt::format("{}+{}", id, steps),
          fmt::format("{}-{}", id, steps),
          fmt::format("{}@{}+{}", branch, id, steps),
          fmt::format("{}@{}-{}", branch, id, steps),
          fmt::format("head-{}", steps),
          fmt::format("base+{}", steps),
          "gone"};
}

std::vector<std::string> random_ranges(Random& random, const Graph& graph) {
  const auto id = [&] { return graph.nodes()[below(random, graph.size())].id.str(); };
  const auto targets = random_targets(random, graph);
  return {":",          id() + ":", ":" + id(),         id() + ":" + id(), targets[4] + "@base:heads",
          id() + ":+2", "-2:heads", id() + "-1:" + id()};
}

}  // namespace migrate::test
