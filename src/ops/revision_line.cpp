#include <migrate/ops/revision_line.hpp>

#include <algorithm>
#include <unordered_map>

namespace migrate::ops {
namespace {

RevisionLine line_of(const History& history, revision::NodeIndex node) {
  const auto& graph = history.graph();
  const auto& known = graph[node];
  RevisionLine line;
  line.revision = history.summary(node);
  for (const auto parent : known.parents) line.parents.push_back(graph[parent].id);
  for (const auto dependency : known.dependencies) line.depends_on.push_back(graph[dependency].id);
  line.labels = known.labels;
  line.branches = known.branches;
  line.create_date = known.create_date;
  line.base = known.parents.empty();
  line.branch_point = graph.is_branch_point(node);
  line.merge_point = graph.is_merge_point(node);
  line.head = graph.is_head(node);
  line.effective_head = line.head && known.dependents.empty();
  return line;
}

FileState file_state(Drift::Kind kind) {
  switch (kind) {
    case Drift::Kind::changed: return FileState::changed;
    case Drift::Kind::cosmetic: return FileState::cosmetic;
    case Drift::Kind::missing: return FileState::missing;
  }
  return FileState::unchanged;
}

JournalFacts facts_of(const db::JournalRow& row, FileState file) {
  return {.state = row.state,
          .steps_done = row.steps_done,
          .steps_total = row.steps_total,
          .batches = row.batches,
          .applied_at = row.applied_at,
          .applied_by = row.applied_by,
          .duration = row.duration,
          .tool_version = row.tool_version,
          .file = file};
}

}  // namespace

std::vector<RevisionLine> lines_of(const History& history, std::span<const revision::NodeIndex> nodes) {
  std::vector<RevisionLine> lines;
  lines.reserve(nodes.size());
  for (const auto node : nodes) lines.push_back(line_of(history, node));
  return lines;
}

std::vector<RevisionLine> lines_of(const Standing& standing, std::span<const revision::NodeIndex> nodes) {
  revision::Graph::Set current(standing.history.graph().size());
  for (const auto node : standing.current()) current[node.value] = true;
  std::unordered_map<std::uint32_t, Drift::Kind> drift;
  for (const auto& found : standing.drift) drift.emplace(found.node.value, found.kind);

  std::vector<RevisionLine> lines = lines_of(standing.history, nodes);
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    const auto* row = standing.row(nodes[i]);
    if (!row) continue;
    const auto differs = drift.find(nodes[i].value);
    lines[i].current = current[nodes[i].value];
    lines[i].journal = facts_of(*row, differs == drift.end() ? FileState::unchanged : file_state(differs->second));
    // The graph has no other date for a revision without a file, and when it was applied is told anyway.
    if (!standing.history.file(nodes[i])) lines[i].create_date.reset();
  }
  return lines;
}

std::vector<revision::NodeIndex> unnamed_heads(const revision::Graph& graph) {
  std::unordered_map<std::string, std::size_t> heads_of_label;
  for (const auto head : graph.heads()) {
    for (const auto& label : graph[head].branches) ++heads_of_label[label];
  }
  std::vector<revision::NodeIndex> unnamed;
  // What another revision depends on is told apart by that, and `migrate merge heads` leaves it out.
  for (const auto head : graph.effective_heads()) {
    const auto& labels = graph[head].branches;
    const bool named =
        std::any_of(labels.begin(), labels.end(), [&](const auto& label) { return heads_of_label[label] == 1; });
    if (!named) unnamed.push_back(head);
  }
  return unnamed;
}

}  // namespace migrate::ops
