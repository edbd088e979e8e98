/// \file
/// Graphs for tests, written as one line per revision: "b <- a", "m <- b c", "d <- b @label ~dependency", "a".
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/text.hpp>
#include <migrate/revision/graph.hpp>

namespace migrate::test {

inline revision::NodeInput node_input(std::string_view line, std::size_t origin) {
  revision::NodeInput input;
  for (const auto word : split_list(line)) {
    if (word == "<-") continue;
    if (word.starts_with('@')) {
      input.labels.emplace_back(word.substr(1));
    } else if (word.starts_with('~')) {
      input.depends_on.emplace_back(word.substr(1));
    } else if (input.id.empty()) {
      input.id = revision::RevisionId(std::string(word));
    } else {
      input.parents.emplace_back(std::string(word));
    }
  }
  input.message = "add " + input.id.str();
  input.origin = origin;
  return input;
}

inline std::vector<revision::NodeInput> node_inputs(std::string_view lines) {
  std::vector<revision::NodeInput> inputs;
  for (const auto line : split(lines, '\n')) {
    if (!trim(line).empty()) inputs.push_back(node_input(line, inputs.size()));
  }
  return inputs;
}

inline revision::Graph graph_of(std::string_view lines) {
  auto graph = revision::Graph::build(node_inputs(lines));
  if (!graph) throw std::invalid_argument("the graph of the test is wrong: " + graph.error().front().subject);
  return *std::move(graph);
}

/// "a b c", in the order given.
inline std::string ids(const revision::Graph& graph, const std::vector<revision::NodeIndex>& nodes) {
  std::string text;
  for (const auto node : nodes) text += (text.empty() ? "" : " ") + graph[node].id.str();
  return text;
}

inline std::string ids(const revision::Graph& graph, const revision::Graph::Set& set) {
  std::vector<std::string> members;
  for (std::uint32_t i = 0; i < set.size(); ++i) {
    if (set[i]) members.push_back(graph.nodes()[i].id.str());
  }
  std::sort(members.begin(), members.end());
  std::string text;
  for (const auto& member : members) text += (text.empty() ? "" : " ") + member;
  return text;
}

inline std::vector<revision::NodeIndex> nodes_of(const revision::Graph& graph, std::string_view names) {
  std::vector<revision::NodeIndex> nodes;
  for (const auto name : split_list(names))
    nodes.push_back(graph.find(revision::RevisionId(std::string(name))).value());
  return nodes;
}

/// The revisions named, and all that they need: what a database is at after an upgrade to them.
inline revision::Graph::Set applied_at(const revision::Graph& graph, std::string_view names) {
  return graph.ancestors_of(nodes_of(graph, names), true);
}

/// The revisions named and no others.
inline revision::Graph::Set exactly(const revision::Graph& graph, std::string_view names) {
  revision::Graph::Set set(graph.size());
  for (const auto node : nodes_of(graph, names)) set[node.value] = true;
  return set;
}

// ---- Graphs that several tests walk over.

inline const std::string line = "aaaa\nbbbb <- aaaa\ncccc <- bbbb\ndddd <- cccc\neeee <- dddd\n";
/// A trunk with two labelled branches.
inline const std::string two_branches =
    "trunk1\ntrunk2 <- trunk1\ncart1 <- trunk2 @cart\ncart2 <- cart1\nbill1 <- trunk2 @bill\nbill2 <- bill1\nbill3 <- "
    "bill2\n";
/// Two histories; the second needs some of the first.
inline const std::string dependent =
    "core1 @core\ncore2 <- core1\ncore3 <- core2\nshop1 @shop\nshop2 <- shop1 ~core2\nshop3 <- shop2\n";
inline const std::string diamond = "aaaa\nbbbb <- aaaa\ncccc <- aaaa\nmmmm <- bbbb cccc\nnnnn <- mmmm\n";

}  // namespace migrate::test
