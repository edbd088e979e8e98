/// \file
/// Random revision graphs, and targets and database states to try on them.
#pragma once

#include <random>
#include <string>
#include <vector>

#include <migrate/revision/graph.hpp>

namespace migrate::test {

using Random = std::mt19937_64;

/// Of up to `largest` revisions: lines, forks, merges, several bases, dependencies and labels, in mixed order.
std::vector<revision::NodeInput> random_graph(Random& random, std::size_t largest);

/// A set closed under ancestors and dependencies, as upgrades make them; often all, sometimes nothing.
revision::Graph::Set random_state(Random& random, const revision::Graph& graph);

/// One target of each form for a revision and a label of the graph, taken at random.
std::vector<std::string> random_targets(Random& random, const revision::Graph& graph);

/// Ranges as `history -r` takes them.
std::vector<std::string> random_ranges(Random& random, const revision::Graph& graph);

}  // namespace migrate::test
