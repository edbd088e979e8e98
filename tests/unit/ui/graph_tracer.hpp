/// \file
/// Reads a drawn graph as a person does: follows the lines from node to node. It knows the characters and nothing of
/// how the picture was made.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>

namespace migrate::test {

struct TracedGraph {
  std::map<std::uint32_t, std::set<std::uint32_t>> parents;  ///< of every node that was seen
  std::map<std::uint32_t, std::size_t> missing;              ///< how many "~" each node leads to
};

/// A node is "o", with its number behind "<" in the same line; text begins at "<".
/// Throws std::runtime_error where the lines do not fit together: one that comes from nowhere or leads to nowhere.
TracedGraph trace_graph(std::string_view picture);

}  // namespace migrate::test
