// Random graphs, states and targets, put to Alembic and to this program.
#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <map>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/revision/target.hpp>

#include "support/catch.hpp"

#include "property/alembic.hpp"
#include "property/differences.hpp"
#include "property/random_graph.hpp"

using namespace migrate;
using namespace migrate::revision;
using namespace migrate::test;

namespace {

/// MIGRATE_TEST_SEED repeats a run, or tries another one.
std::uint64_t seed() {
  const char* given = std::getenv("MIGRATE_TEST_SEED");
  return given ? std::strtoull(given, nullptr, 10) : 20260226;
}

struct Example {
  Graph graph;
  Graph::Set applied;
  Task task;
};

std::vector<std::string> ids(const Graph& graph, const std::vector<NodeIndex>& nodes) {
  std::vector<std::string> result;
  for (const auto node : nodes) result.push_back(graph[node].id.str());
  std::sort(result.begin(), result.end());
  return result;
}

template <class Is>
std::vector<std::string> ids_if(const Graph& graph, Is is) {
  std::vector<NodeIndex> nodes;
  for (std::uint32_t i = 0; i < graph.size(); ++i) {
    if (is(NodeIndex{i})) nodes.push_back({i});
  }
  return ids(graph, nodes);
}

Example make_example(Random& random) {
  constexpr std::size_t largest = 14;
  auto inputs = random_graph(random, largest);
  Example example{*Graph::build(inputs), {}, {inputs, {}}};
  example.applied = random_state(random, example.graph);
  const auto rows = ids(example.graph, example.graph.heads_of(example.applied));
  for (const auto& target : random_targets(random, example.graph)) {
    for (const char* verb : {"upgrade", "downgrade", "resolve", "stamp"}) {
      example.task.queries.push_back({verb, rows, target});
    }
  }
  for (const auto& range : random_ranges(random, example.graph)) example.task.queries.push_back({"range", rows, range});
  return example;
}

template <class T>
OurAnswer to_answer(const Result<T>& result, const std::vector<NodeIndex>& (*nodes)(const T&)) {
  if (!result) return {result.error().diagnostics.front().id, {}};
  return {{}, nodes(*result)};
}

OurAnswer our_answer(const Example& example, const Query& query) {
  const auto of_plan = +[](const Plan& plan) -> const std::vector<NodeIndex>& { return plan.steps; };
  const auto of_nodes = +[](const std::vector<NodeIndex>& nodes) -> const std::vector<NodeIndex>& { return nodes; };
  if (query.verb == "range") {
    return to_answer(resolve_range(example.graph, example.applied, *parse_target_range(query.target)), of_nodes);
  }
  const auto target = *parse_target(query.target);
  if (query.verb == "upgrade") return to_answer(plan_upgrade(example.graph, example.applied, target), of_plan);
  if (query.verb == "downgrade") return to_answer(plan_downgrade(example.graph, example.applied, target), of_plan);
  return to_answer(resolve(example.graph, example.applied, target), of_nodes);
}

std::string described(const Example& example, const Query& query, const OurAnswer& ours, const Answer& theirs) {
  std::string text =
      fmt::format("seed {}\n{} {} with {}\n", seed(), query.verb, query.target, fmt::join(query.rows, " "));
  text += fmt::format("ours:   {} {}\n", ours.error, fmt::join(ids(example.graph, ours.nodes), " "));
  text += fmt::format("theirs: {} {}{}\n", theirs.error, fmt::join(theirs.steps, " "), fmt::join(theirs.nodes, " "));
  for (const auto& node : example.graph.nodes()) {
    text += fmt::format("  {} <- {} depends on {} labels {}\n", node.id.str(),
                        fmt::join(ids(example.graph, node.parents), " "),
                        fmt::join(ids(example.graph, node.dependencies), " "), fmt::join(node.labels, " "));
  }
  return text;
}

/// Each step stands on what is applied when its turn comes.
bool is_runnable(const Graph& graph, Graph::Set applied, const std::vector<NodeIndex>& steps, bool up) {
  for (const auto step : steps) {
    const auto& node = graph[step];
    const auto there = [&](NodeIndex other) { return applied[other.value]; };
    if (applied[step.value] == up) return false;
    if (up && !(std::all_of(node.parents.begin(), node.parents.end(), there) &&
                std::all_of(node.dependencies.begin(), node.dependencies.end(), there))) {
      return false;
    }
    if (!up && (std::any_of(node.children.begin(), node.children.end(), there) ||
                std::any_of(node.dependents.begin(), node.dependents.end(), there))) {
      return false;
    }
    applied[step.value] = up;
  }
  return true;
}

void compare_shape(const Graph& graph, const Answers& theirs) {
  CHECK(ids(graph, graph.heads()) == theirs.heads);
  CHECK(ids(graph, graph.effective_heads()) == theirs.effective_heads);
  CHECK(ids(graph, graph.bases()) == theirs.bases);
  CHECK(ids_if(graph, [&](NodeIndex i) { return graph.is_branch_point(i); }) == theirs.branch_points);
  CHECK(ids_if(graph, [&](NodeIndex i) { return graph.is_merge_point(i); }) == theirs.merge_points);
  for (const auto& node : graph.nodes()) CHECK(node.branches == theirs.branches.at(node.id.str()));
}

Graph::Set closure(const Graph& graph, const std::vector<std::string>& rows) {
  std::vector<NodeIndex> nodes;
  for (const auto& row : rows) nodes.push_back(*graph.find(RevisionId(row)));
  return graph.ancestors_of(nodes, true);
}

/// After the same steps Alembic's table, if it can still be read, means the set that we have.
void compare_state(const Example& example, const Query& query, const OurAnswer& ours, const Answer& theirs) {
  const bool up = query.verb == "upgrade";
  CHECK(is_runnable(example.graph, example.applied, ours.nodes, up));
  auto after = example.applied;
  for (const auto node : ours.nodes) after[node.value] = up;
  if (!theirs.rows) return;
  CHECK(closure(example.graph, *theirs.rows) == after);
  // Going down Alembic leaves rows that others imply.
  if (up) CHECK(ids(example.graph, example.graph.heads_of(after)) == *theirs.rows);
}

/// A stamp of Alembic forgets what its table cannot say. Ours has all that Alembic's has, and more only of what was
/// applied before.
void compare_stamp(const Example& example, const Query& query, const Answer& theirs) {
  const auto target = *parse_target(query.target);
  const auto ours = plan_stamp(example.graph, example.applied, {&target, 1});
  if (target.relative || !theirs.rows) return;  // Alembic's stamp does not count
  if (!theirs.error.empty()) {
    CHECK_FALSE(ours);
    return;
  }
  REQUIRE(ours);
  const auto expected = closure(example.graph, *theirs.rows);
  for (std::size_t i = 0; i < expected.size(); ++i) {
    CHECK((*ours)[i] >= expected[i]);
    if ((*ours)[i] && !expected[i]) CHECK(example.applied[i]);
  }
}

}  // namespace

TEST_CASE("graphs, plans, targets and ranges are Alembic's, but for the differences that are documented") {
  constexpr std::size_t examples_asked = 250;
  Random random(seed());
  std::vector<Example> examples;
  std::vector<Task> tasks;
  for (std::size_t i = 0; i < examples_asked; ++i) {
    examples.push_back(make_example(random));
    tasks.push_back(examples.back().task);
  }
  const auto all = ask_alembic(tasks);
  if (!all) {
    WARN("SKIPPED: /usr/bin/python3 has no alembic (Debian: apt-get install alembic)");
    return;
  }

  std::map<std::string, int, std::less<>> met;
  for (std::size_t i = 0; i < examples.size(); ++i) {
    const auto& example = examples[i];
    compare_shape(example.graph, (*all)[i]);
    for (std::size_t q = 0; q < example.task.queries.size(); ++q) {
      const auto& query = example.task.queries[q];
      const auto& theirs = (*all)[i].answers[q];
      if (query.verb == "stamp") {
        INFO(described(example, query, {}, theirs));
        compare_stamp(example, query, theirs);
        continue;
      }
      const auto ours = our_answer(example, query);
      INFO(described(example, query, ours, theirs));
      const auto difference = deliberate_difference({example.graph, example.applied, query, ours, theirs});
      CHECK(difference);
      ++met[std::string(difference.value_or("unexplained"))];
      if (difference == "none" && ours.error.empty() && query.verb != "resolve" && query.verb != "range") {
        compare_state(example, query, ours, theirs);
      }
    }
  }
  std::cout << "seed " << seed() << ": " << examples.size() << " graphs; answers alike " << met["none"];
  for (const auto name : difference_names()) std::cout << ", " << name << ' ' << met[std::string(name)];
  std::cout << '\n';
  CHECK(met["none"] > 10'000);
}
