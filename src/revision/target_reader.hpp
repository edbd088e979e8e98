/// \file
/// What the parts of a target name in a graph.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/revision/graph.hpp>
#include <migrate/revision/target.hpp>

namespace migrate::revision {

/// A revision, or none: the place before the first ones.
using Place = std::optional<NodeIndex>;

class TargetReader {
 public:
  /// The graph, the set and the target must outlive the reader. Errors: `no-such-branch`, `ambiguous-revision`.
  static Result<TargetReader> make(const Graph& graph, const Graph::Set& applied, const Target& target);

  /// What the symbol names, steps aside; empty: base. Requires: there is a symbol.
  [[nodiscard]] Result<std::vector<NodeIndex>> nodes() const;
  /// The same where one is needed. Errors: `multiple-heads`, `ambiguous-relative-target` for current.
  [[nodiscard]] Result<Place> node() const;

  /// Where a walk up begins: the current revision; on a branch the newest applied one of its line, or base.
  [[nodiscard]] Result<Place> current_below() const;
  /// Where a walk down begins: the current revision; on a branch its applied head. Errors: `target-not-applied`.
  [[nodiscard]] Result<Place> current_head() const;

  enum class PastTheEnd { refuse, stop };
  /// `steps` revisions from `start`, up or down the lineage and within the branch, if there is one.
  [[nodiscard]] Result<Place> walk(Place start, int steps, PastTheEnd past = PastTheEnd::refuse) const;

  /// The revision that the target names before '@'.
  [[nodiscard]] const std::optional<NodeIndex>& branch() const { return branch_; }
  /// True of every revision if the target names no branch.
  [[nodiscard]] bool on_branch(NodeIndex index) const { return !lineage_ || (*lineage_)[index.value]; }
  [[nodiscard]] std::vector<NodeIndex> only_on_branch(const std::vector<NodeIndex>& nodes) const;

 private:
  TargetReader(const Graph& graph, const Graph::Set& applied, const Target& target)
      : graph_(graph), applied_(applied), target_(target) {}

  [[nodiscard]] Result<NodeIndex> find(std::string_view name) const;
  [[nodiscard]] Result<Place> one_of(const std::vector<NodeIndex>& current) const;
  [[nodiscard]] std::vector<NodeIndex> next(Place place, bool up) const;

  const Graph& graph_;
  const Graph::Set& applied_;
  const Target& target_;
  std::optional<NodeIndex> branch_;
  std::optional<Graph::Set> lineage_;  ///< ancestors and descendants of the branch's revision
};

}  // namespace migrate::revision
