// What must hold of every graph, state and target.
#include <algorithm>
#include <cstdlib>

#include <fmt/format.h>

#include <migrate/revision/target.hpp>

#include "support/catch.hpp"

#include "property/random_graph.hpp"

using namespace migrate;
using namespace migrate::revision;
using namespace migrate::test;

namespace {

constexpr int examples = 400;
constexpr std::size_t largest = 40;

std::uint64_t seed() {
  const char* given = std::getenv("MIGRATE_TEST_SEED");
  return given ? std::strtoull(given, nullptr, 10) : 20260226;
}

std::vector<NodeIndex> members(const Graph::Set& set) {
  std::vector<NodeIndex> result;
  for (std::uint32_t i = 0; i < set.size(); ++i) {
    if (set[i]) result.push_back({i});
  }
  return result;
}

bool is_closed(const Graph& graph, const Graph::Set& set) { return graph.ancestors_of(members(set), true) == set; }

Graph::Set after(Graph::Set set, const Plan& plan, bool up) {
  for (const auto node : plan.steps) set[node.value] = up;
  return set;
}

template <class Check>
void for_each_example(Check check) {
  Random random(seed());
  for (int i = 0; i < examples; ++i) {
    const auto inputs = random_graph(random, largest);
    const auto graph = Graph::build(inputs);
    INFO("seed " << seed() << ", example " << i);
    REQUIRE(graph);
    check(random, inputs, *graph);
  }
}

}  // namespace

TEST_CASE("the order puts parents and dependencies first, and does not depend on the order of the files") {
  for_each_example([](Random& random, std::vector<NodeInput> inputs, const Graph& graph) {
    for (std::uint32_t i = 0; i < graph.size(); ++i) {
      const auto is_before = [i](NodeIndex other) { return other.value < i; };
      CHECK(std::all_of(graph.nodes()[i].parents.begin(), graph.nodes()[i].parents.end(), is_before));
      CHECK(std::all_of(graph.nodes()[i].dependencies.begin(), graph.nodes()[i].dependencies.end(), is_before));
    }
    std::shuffle(inputs.begin(), inputs.end(), random);
    const auto again = Graph::build(inputs);
    REQUIRE(again);
    for (std::uint32_t i = 0; i < graph.size(); ++i) CHECK(again->nodes()[i].id == graph.nodes()[i].id);
  });
}

TEST_CASE("a set is all that its heads need") {
  for_each_example([](Random& random, const std::vector<NodeInput>&, const Graph& graph) {
    const auto state = random_state(random, graph);
    CHECK(graph.ancestors_of(graph.heads_of(state), true) == state);
    CHECK(graph.heads_of(graph.ancestors_of(graph.heads(), true)) == graph.effective_heads());
  });
}

TEST_CASE("upgrades and downgrades keep the applied set closed, and a stamp ends where they do") {
  for_each_example([](Random& random, const std::vector<NodeInput>&, const Graph& graph) {
    const auto state = random_state(random, graph);
    for (const auto& text : random_targets(random, graph)) {
      INFO(text);
      const auto target = *parse_target(text);
      const auto stamp = plan_stamp(graph, state, {&target, 1});
      const auto up = plan_upgrade(graph, state, target);
      const auto down = plan_downgrade(graph, state, target);
      if (stamp) CHECK(is_closed(graph, *stamp));
      if (up) CHECK(is_closed(graph, after(state, *up, true)));
      if (down) CHECK(is_closed(graph, after(state, *down, false)));
      if (up && !up->steps.empty()) {
        REQUIRE(stamp);
        CHECK(*stamp == after(state, *up, true));
      }
      if (down && !down->steps.empty() && !target.branch) {
        REQUIRE(stamp);
        CHECK(*stamp == after(state, *down, false));
      }
    }
  });
}

TEST_CASE("everything can be applied, and everything undone, in the opposite order") {
  for_each_example([](Random&, const std::vector<NodeInput>&, const Graph& graph) {
    const Graph::Set nothing(graph.size());
    const auto up = plan_upgrade(graph, nothing, *parse_target("heads"));
    REQUIRE(up);
    const auto everything = after(nothing, *up, true);
    CHECK(everything == Graph::Set(graph.size(), true));
    const auto down = plan_downgrade(graph, everything, *parse_target("base"));
    REQUIRE(down);
    CHECK(down->steps == std::vector<NodeIndex>(up->steps.rbegin(), up->steps.rend()));
  });
}

TEST_CASE("a set with holes is filled by an upgrade, and emptied by a downgrade") {
  for_each_example([](Random& random, const std::vector<NodeInput>&, const Graph& graph) {
    Graph::Set state(graph.size());
    for (std::size_t i = 0; i < state.size(); ++i) state[i] = random() % 2 == 0;
    const auto up = plan_upgrade(graph, state, *parse_target("heads"));
    REQUIRE(up);
    CHECK(up->steps.size() + members(state).size() == graph.size());
    const auto down = plan_downgrade(graph, state, *parse_target("base"));
    REQUIRE(down);
    CHECK(down->steps.size() == members(state).size());
  });
}
