#include <migrate/ops/history.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/sql/statement.hpp>

namespace migrate::ops {
namespace {

/// Only asked where the raw bytes differ: scanning every file of a long history would cost what it does not bring.
Result<std::optional<Drift>> compare(const History& history, revision::NodeIndex node, const db::JournalRow& row) {
  const auto* file = history.file(node);
  if (!file) return std::optional<Drift>({Drift::Kind::missing, node, row.entry.checksum, {}});
  if (file->raw_checksum == row.entry.raw_checksum) return std::optional<Drift>();
  MIGRATE_TRY_ASSIGN(const SourcePtr source, history.source(*file));
  std::string checksum = sql::section_checksum(source, file->upgrade.body);
  const auto kind = checksum == row.entry.checksum ? Drift::Kind::cosmetic : Drift::Kind::changed;
  return std::optional<Drift>({kind, node, row.entry.checksum, std::move(checksum)});
}

bool is_missing(const Standing& standing, revision::NodeIndex node) {
  return standing.applied[node.value] && !standing.history.file(node);
}

/// The target of the downgrade that undoes a revision whose file is gone, all that stands on it, and what is missing
/// below it: one command, whatever else is gone.
std::string target_below(const Standing& standing, revision::NodeIndex node) {
  const auto& graph = standing.history.graph();
  const auto is_applied = [&](revision::NodeIndex other) { return standing.applied[other.value]; };
  for (;;) {
    const auto& parents = graph[node].parents;
    const auto below =
        std::find_if(parents.begin(), parents.end(), [&](auto parent) { return is_missing(standing, parent); });
    if (below == parents.end()) break;
    node = *below;
  }
  const auto& id = graph[node].id.str();
  const auto& parents = graph[node].parents;
  const auto& children = graph[node].children;
  // What stands on it would be counted first.
  if (std::none_of(children.begin(), children.end(), is_applied)) return id + "@-1";
  const auto parent = std::find_if(parents.begin(), parents.end(), is_applied);
  return id + "@" + (parent == parents.end() ? std::string("base") : graph[*parent].id.str());
}

}  // namespace

const db::JournalRow* Standing::row(revision::NodeIndex index) const {
  const auto& found = row_of_node[index.value];
  return found ? &journal.rows[*found] : nullptr;
}

std::vector<revision::NodeIndex> Standing::current() const { return history.graph().heads_of(applied); }

std::vector<revision::NodeIndex> Standing::pending() const {
  std::vector<revision::NodeIndex> result;
  for (std::uint32_t i = 0; i < history.graph().size(); ++i) {
    if (!applied[i]) result.push_back({i});
  }
  return result;
}

Result<Standing> lay_over(const History& files, db::JournalContent journal) {
  Standing standing;
  MIGRATE_TRY_ASSIGN(standing.history, files.with_journal(journal));
  standing.journal = std::move(journal);
  const auto& graph = standing.history.graph();
  standing.applied.resize(graph.size());
  standing.row_of_node.resize(graph.size());

  for (std::size_t i = 0; i < standing.journal.rows.size(); ++i) {
    const auto& row = standing.journal.rows[i];
    const auto node = *graph.find(row.entry.id);
    standing.row_of_node[node.value] = i;
    // A revision that is half undone is still there for all who build on it.
    standing.applied[node.value] = row.state != db::RevisionState::applying;
    if (row.state != db::RevisionState::applied) standing.unfinished.push_back(node);
    MIGRATE_TRY_ASSIGN(auto drift, compare(standing.history, node, row));
    if (drift) standing.drift.push_back(*std::move(drift));
  }
  return standing;
}

Diagnostic describe_drift(const Standing& standing, const Drift& drift) {
  const auto& node = standing.history.graph()[drift.node];
  if (drift.kind == Drift::Kind::missing) {
    return error("missing-revision-file",
                 fmt::format("revision {} is applied, but its file is not here", node.id.str()))
        .note("message", node.message)
        .help(
            "check out the branch that has it; or undo it with the downgrade that the database keeps: "
            "migrate downgrade " +
            target_below(standing, drift.node));
  }
  return error("changed-revision", fmt::format("revision {} was changed after it was applied", node.id.str()))
      .in_file(standing.history.file(drift.node)->path)
      .note("applied", drift.applied_checksum)
      .note("file", drift.file_checksum)
      .help("put the file back as it was, and make the change in a new revision: migrate revision -m \"...\"")
      .help("`migrate upgrade --allow-drift` goes on all the same, and leaves the database as the old text made it");
}

Diagnostics describe_missing(const Standing& standing) {
  Diagnostics result;
  for (const auto& drift : standing.drift) {
    if (drift.kind == Drift::Kind::missing) result.push_back(describe_drift(standing, drift));
  }
  return result;
}

Diagnostics describe_drift(const Standing& standing) {
  Diagnostics result;
  for (const auto& drift : standing.drift) {
    if (drift.kind != Drift::Kind::cosmetic) result.push_back(describe_drift(standing, drift));
  }
  return result;
}

}  // namespace migrate::ops
