/// \file
/// What can be wrong with a target, in words that say what to write instead.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <migrate/base/diagnostic.hpp>
#include <migrate/revision/graph.hpp>
#include <migrate/revision/target.hpp>

namespace migrate::revision {

/// `candidates`: what begins with the name, if that was too short to count.
Diagnostic unknown_revision(const Graph& graph, std::string_view name, const std::vector<NodeIndex>& candidates);
Diagnostic ambiguous_revision(const Graph& graph, std::string_view name, const std::vector<NodeIndex>& candidates);
Diagnostic multiple_heads(const Graph& graph, const Target& target, const std::vector<NodeIndex>& heads);
Diagnostic no_such_branch(const Graph& graph, std::string_view name);
Diagnostic not_on_branch(const Graph& graph, const Target& target, NodeIndex node);
Diagnostic branch_not_applied(const Target& target);

Diagnostic ambiguous_relative_target(const Graph& graph, const Target& target, const std::vector<NodeIndex>& current);
/// `remaining`: the steps, signed, that would be left after one to a choice.
Diagnostic ambiguous_walk(const Graph& graph, const Target& target, std::optional<NodeIndex> at,
                          const std::vector<NodeIndex>& choices, int remaining);
/// `taken`: the steps that there were.
Diagnostic walked_too_far(const Graph& graph, const Target& target, std::optional<NodeIndex> start, int taken);

Diagnostic upgrade_goes_down(const Target& target);
Diagnostic downgrade_goes_up(const Target& target);
Diagnostic target_below_current(const Graph& graph, const Graph::Set& applied, const Target& target);
Diagnostic target_not_applied(const Graph& graph, const Target& target, NodeIndex node, bool applied_above);

Diagnostic not_ancestor(const Graph& graph, const std::vector<NodeIndex>& from, const std::vector<NodeIndex>& to);
Diagnostic range_without_anchor(const TargetRange& range);

}  // namespace migrate::revision
