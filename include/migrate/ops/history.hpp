/// \file
/// The project's revision files as a checked graph, and what a database has of them.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/config/settings.hpp>
#include <migrate/db/journal.hpp>
#include <migrate/ops/observer.hpp>
#include <migrate/revision/graph.hpp>
#include <migrate/revision/revision_file.hpp>

namespace migrate::ops {

/// All revision files below the migrations folders, parsed, and their graph. Texts are not kept.
class History {
 public:
  /// Every broken file and every graph error at once, exit code 2. Errors: `no-migrations-folder`, those of
  /// revision::parse_revision and of the graph. Cost: reads every file, on as many threads as there are cores.
  static Result<History> load(const config::Settings& settings);

  [[nodiscard]] const revision::Graph& graph() const { return graph_; }
  [[nodiscard]] std::span<const revision::RevisionFile> files() const { return files_; }
  /// The file of a node; none where only the journal knows the revision.
  [[nodiscard]] const revision::RevisionFile* file(revision::NodeIndex index) const;
  /// Reads a file again. Errors: `unreadable-file`; `changed-while-running` if it is no longer what was loaded.
  [[nodiscard]] Result<SourcePtr> source(const revision::RevisionFile& file) const;
  [[nodiscard]] RevisionSummary summary(revision::NodeIndex index) const;
  [[nodiscard]] std::vector<RevisionSummary> summaries(std::span<const revision::NodeIndex> indexes) const;

  /// The same history with the revisions that only the journal knows, so that they can be shown and undone.
  /// Errors: those of the graph (a journal edited by hand).
  [[nodiscard]] Result<History> with_journal(const db::JournalContent& journal) const;

 private:
  std::vector<revision::RevisionFile> files_;
  revision::Graph graph_;
};

/// An applied revision whose file is not what was applied.
struct Drift {
  enum class Kind { changed, cosmetic, missing };
  Kind kind;
  revision::NodeIndex node;
  std::string applied_checksum, file_checksum;
};

/// A history and a journal laid over each other.
struct Standing {
  History history;  ///< with the journal's own revisions
  db::JournalContent journal;
  revision::Graph::Set applied;                 ///< by node; what was left behind half-done counts as not applied
  std::vector<revision::NodeIndex> unfinished;  ///< state applying or reverting
  std::vector<Drift> drift;

  [[nodiscard]] const db::JournalRow* row(revision::NodeIndex index) const;
  [[nodiscard]] std::vector<revision::NodeIndex> current() const;  ///< heads of the applied set
  [[nodiscard]] std::vector<revision::NodeIndex> pending() const;  ///< not applied, in order
  std::vector<std::optional<std::size_t>> row_of_node;
};

/// Compares checksums: raw first (cheap), the tokens of the upgrade section only where those differ.
Result<Standing> lay_over(const History& history, db::JournalContent journal);

/// `changed-revision` for each changed one (with file, both checksums and what to do), `missing-revision-file`
/// for each missing one.
Diagnostics describe_drift(const Standing& standing);
/// `missing-revision-file` alone.
Diagnostics describe_missing(const Standing& standing);
/// The error that one drift is, other than a cosmetic one.
Diagnostic describe_drift(const Standing& standing, const Drift& drift);

}  // namespace migrate::ops
