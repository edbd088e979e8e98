/// \file
/// Alembic's words for "how far", matched whole: head, heads, base, current, ids, labels, X@head, +2, -1, A:B.
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
  std::string symbol;                 ///< head, heads, base, current, an id or its beginning, a label; empty in `+2`
  int steps = 0;                      ///< signed; 0 with `relative` false means none were written
  bool relative = false;
  bool operator==(const Target&) const = default;
};

/// Errors: `invalid-target` (with what is wrong in it).
Result<Target> parse_target(std::string_view text);

struct TargetRange {
  std::optional<Target> from, to;  ///< absent: open
};
/// `A:B`, `A:`, `:B`. Errors: `invalid-range`, `invalid-target`.
Result<TargetRange> parse_target_range(std::string_view text);

/// Revisions in the order in which they are to run; a downgrade's order is its own, dependents first.
struct Plan {
  std::vector<NodeIndex> steps;
  bool operator==(const Plan&) const = default;
};

/// The revisions that a target without a direction names (show, history, edit, merge, stamp); empty = base.
/// `applied` gives `current` its meaning, and is what a number alone counts from: `+2`, `-1`, `LABEL@+1`.
/// `heads` are the effective ones, `head`, `LABEL@head` and `LABEL@heads` those without children.
/// Errors: `unknown-revision` (with the nearest), `ambiguous-revision` (with the candidates and their messages),
/// `multiple-heads` (with what to say instead), `no-such-branch`, `not-on-branch`, `walked-too-far`, `ambiguous-walk`,
/// `ambiguous-relative-target` (a number with several current revisions), `target-not-applied` (LABEL@-N).
Result<std::vector<NodeIndex>> resolve(const Graph& graph, const Graph::Set& applied, const Target& target);

/// All that the target needs and that is not applied: an ancestor that was inserted below the current revision, too.
/// Empty where the target is applied already. Errors: those of resolve; `target-below-current` says `use downgrade`.
Result<Plan> plan_upgrade(const Graph& graph, const Graph::Set& applied, const Target& target);

/// Undoes the target's applied descendants and what depends on them, dependents first. `-N` undoes N revisions of the
/// current line, a merge being one. Errors: those of resolve; `target-not-applied`.
Result<Plan> plan_downgrade(const Graph& graph, const Graph::Set& applied, const Target& target);

/// What the applied set becomes when the database is stamped with the targets: it has them and all that they need, and
/// nothing that follows them; other lineages stay. That is where an upgrade or downgrade to the target would end, but
/// for LABEL@base, which leaves a trunk to the others that stand on it. Errors: those of resolve.
Result<Graph::Set> plan_stamp(const Graph& graph, const Graph::Set& applied, std::span<const Target> targets);

/// Revisions of a range, oldest first, as `history -r` takes it: the lineage from the older end, included, as far as
/// the newer end needs it. A number alone counts from the other end, and stops at the end of the history.
/// Errors: those of resolve; `not-ancestor`, `invalid-range`.
Result<std::vector<NodeIndex>> resolve_range(const Graph& graph, const Graph::Set& applied, const TargetRange& range);

}  // namespace migrate::revision
