/// \file
/// Alembic's words for "how far", matched whole: head, heads, base, current, ids, prefixes, labels, X@head, +2, -1, A:B.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/revision/graph.hpp>

namespace migrate::revision {

/// A target as it was written: [branch@] (symbol) [+N | -N].
struct Target {
  std::string text;                   ///< as written, for messages
  std::optional<std::string> branch;  ///< a label or an id before '@'
  std::string symbol;                 ///< head, heads, base, current, an id, a prefix, a label; empty in `+2`, `label@-1`
  int steps = 0;                      ///< signed; 0 with `relative` false means none were written
  bool relative = false;
  bool operator==(const Target&) const = default;
};

/// Errors: `invalid-target` (with what is wrong in it).
Result<Target> parse_target(std::string_view text);

struct TargetRange {
  std::optional<Target> from, to;     ///< absent: open
};
/// `A:B`, `A:`, `:B`. Errors: `invalid-range`, `invalid-target`.
Result<TargetRange> parse_target_range(std::string_view text);

/// Revisions in the order in which they are to run; a downgrade's order is its own, dependents first.
struct Plan {
  std::vector<NodeIndex> steps;
  bool operator==(const Plan&) const = default;
};

/// One or more revisions that a target without relation to a direction names (show, history, edit, merge, stamp).
/// `applied` gives `current` its meaning. Empty = base.
/// Errors: `unknown-revision` (with the nearest), `ambiguous-revision` (with the candidates and their messages),
/// `multiple-heads` (with what to say instead), `no-such-branch`, `not-on-branch`, `walked-too-far`, `ambiguous-walk`.
Result<std::vector<NodeIndex>> resolve(const Graph& graph, const Graph::Set& applied, const Target& target);

/// Errors: those of resolve; `already-applied` is none (an empty plan); `target-below-current` says `use downgrade`;
/// `ambiguous-relative-target` (+N with several current heads).
Result<Plan> plan_upgrade(const Graph& graph, const Graph::Set& applied, const Target& target);

/// Undoes the target's applied descendants, dependents first. Errors: those of resolve; `target-not-applied`;
/// `ambiguous-relative-target` (-N with several current heads, says which to name).
Result<Plan> plan_downgrade(const Graph& graph, const Graph::Set& applied, const Target& target);

/// What the applied set becomes when the database is stamped with the targets: the lineages that they touch move,
/// others stay. Errors: those of resolve.
Result<Graph::Set> plan_stamp(const Graph& graph, const Graph::Set& applied, std::span<const Target> targets);

/// Revisions of a range, oldest first, as `history -r` and offline scripts take it. Errors: `not-ancestor`.
Result<std::vector<NodeIndex>> resolve_range(const Graph& graph, const Graph::Set& applied, const TargetRange& range);

}  // namespace migrate::revision
