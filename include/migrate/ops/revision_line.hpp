/// \file
/// A revision as the verbs that look describe it: from its file, the graph and, where a database was asked, its
/// journal.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <migrate/base/time.hpp>
#include <migrate/db/journal.hpp>
#include <migrate/ops/history.hpp>
#include <migrate/ops/observer.hpp>

namespace migrate::ops {

/// An applied revision's file beside what was applied. `cosmetic`: only comments, white space or the downgrade differ.
enum class FileState { unchanged, cosmetic, changed, missing };

/// What the journal says of a revision.
struct JournalFacts {
  db::RevisionState state = db::RevisionState::applied;
  int steps_done = 0, steps_total = 0;     ///< of a revision that was left behind half-done
  std::optional<db::BatchesDone> batches;  ///< then of the statement behind them, where it runs in batches
  std::optional<Timestamp> applied_at;
  std::string applied_by;
  std::chrono::milliseconds duration{0};
  std::string tool_version;
  FileState file = FileState::unchanged;
};

struct RevisionLine {
  RevisionSummary revision;
  std::vector<revision::RevisionId> parents, depends_on;
  std::vector<std::string> labels;    ///< its own
  std::vector<std::string> branches;  ///< labels that reach it
  std::optional<Timestamp> create_date;
  bool base = false, branch_point = false, merge_point = false;
  bool head = false;                    ///< has no children
  bool effective_head = false;          ///< a head that nothing depends on
  bool current = false;                 ///< a head of what the database has
  std::optional<JournalFacts> journal;  ///< none: pending, or no database was asked
};

std::vector<RevisionLine> lines_of(const History& history, std::span<const revision::NodeIndex> nodes);
std::vector<RevisionLine> lines_of(const Standing& standing, std::span<const revision::NodeIndex> nodes);

/// Heads that no branch label tells from the others. More than one of them means that two people built on the same
/// revision; heads with labels of their own are branches that are meant to be.
std::vector<revision::NodeIndex> unnamed_heads(const revision::Graph& graph);

}  // namespace migrate::ops
