/// \file
/// The DAG of revisions: lineage (Revises) and order (Depends On).
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/base/time.hpp>
#include <migrate/revision/revision_id.hpp>

namespace migrate::revision {

/// A revision's place in its graph. In a built graph indexes follow the topological order: parents and dependencies
/// have smaller ones, whatever the order in which files were read; ties go by create date, then id.
struct NodeIndex {
  std::uint32_t value = 0;
  auto operator<=>(const NodeIndex&) const = default;
};

/// What the graph needs to know of a revision. `origin` is the caller's own number for it (its file, its journal row).
struct NodeInput {
  RevisionId id;
  std::vector<RevisionId> parents;
  std::vector<std::string> depends_on;  ///< ids or labels
  std::vector<std::string> labels;
  std::optional<Timestamp> create_date;
  std::string message;
  std::size_t origin = 0;
};

/// One thing wrong with the graph, by origin: describe() in graph_diagnostics.hpp makes a diagnostic of it.
struct GraphError {
  enum class Kind {
    duplicate_id,
    missing_parent,
    missing_dependency,
    cycle,
    self_loop,
    dependency_cycle,
    dependency_self_loop,
    duplicate_label,
    label_is_id
  };
  Kind kind;
  std::string subject;                 ///< the id or label that it is about
  std::vector<std::size_t> origins;    ///< the revisions concerned; a cycle in its order, the shortest there is
  std::optional<std::string> nearest;  ///< what may have been meant
  bool operator==(const GraphError&) const = default;
};

struct Node {
  RevisionId id;
  std::string message;
  std::optional<Timestamp> create_date;
  std::size_t origin = 0;
  std::vector<NodeIndex> parents;
  std::vector<NodeIndex> children;
  std::vector<NodeIndex> dependencies;  ///< Depends On, resolved
  std::vector<NodeIndex> dependents;
  std::vector<std::string> labels;  ///< its own, as written
  /// Labels that reach it, sorted: its own; those of its ancestors; and those of a descendant, if neither it nor any
  /// revision from it to that branch's one head is a merge or has more than one follower (children and dependents).
  std::vector<std::string> branches;
};

class Graph {
 public:
  /// Errors: every one there is, at once, sorted by kind and subject. Cost: n log n.
  static Result<Graph, std::vector<GraphError>> build(std::vector<NodeInput> inputs);

  [[nodiscard]] std::span<const Node> nodes() const { return nodes_; }  ///< in topological order
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] bool empty() const { return nodes_.empty(); }
  [[nodiscard]] const Node& operator[](NodeIndex index) const { return nodes_[index.value]; }

  [[nodiscard]] std::optional<NodeIndex> find(const RevisionId& id) const;
  [[nodiscard]] std::optional<NodeIndex> find_label(std::string_view label) const;

  [[nodiscard]] const std::vector<NodeIndex>& bases() const { return bases_; }
  /// Revisions without children (dependency-blind, as `alembic heads`).
  [[nodiscard]] const std::vector<NodeIndex>& heads() const { return heads_; }
  /// Heads that nothing depends on either.
  [[nodiscard]] const std::vector<NodeIndex>& effective_heads() const { return effective_heads_; }

  [[nodiscard]] bool is_head(NodeIndex index) const;
  [[nodiscard]] bool is_branch_point(NodeIndex index) const;
  [[nodiscard]] bool is_merge_point(NodeIndex index) const;

  /// Set of nodes, one flag per index.
  using Set = std::vector<bool>;
  [[nodiscard]] Set ancestors_of(std::span<const NodeIndex> start, bool with_dependencies) const;  ///< start included
  [[nodiscard]] Set descendants_of(std::span<const NodeIndex> start, bool with_dependents) const;  ///< start included
  /// The members of `set` that no other member descends from, dependencies counted: what Alembic's table would hold.
  [[nodiscard]] std::vector<NodeIndex> heads_of(const Set& set) const;

 private:
  std::vector<Node> nodes_;
  std::vector<NodeIndex> bases_, heads_, effective_heads_;
  std::unordered_map<std::string, NodeIndex> by_id_, by_label_;
};

}  // namespace migrate::revision
