/// \file
/// Cycles in a directed graph of indexes.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace migrate::revision {

/// For each node the nodes that it needs.
using Edges = std::vector<std::vector<std::uint32_t>>;

/// The strongly connected components of more than one node. Does not recurse: histories are deep.
std::vector<std::vector<std::uint32_t>> knots(const Edges& edges);

/// A shortest cycle within a knot, from its first node along the edges, first node not repeated. Of several of the same
/// length the one that the order of `knot` prefers. `must_begin_with`: only cycles that have such an edge, which is
/// then the first. Empty if there is none.
using EdgeFilter = std::function<bool(std::uint32_t from, std::uint32_t to)>;
std::vector<std::uint32_t> shortest_cycle(const Edges& edges, const std::vector<std::uint32_t>& knot,
                                          const EdgeFilter& must_begin_with);

}  // namespace migrate::revision
