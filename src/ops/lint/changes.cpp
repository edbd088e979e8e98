#include "ops/lint/changes.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/sql/statement.hpp>

#include "ops/lint/git.hpp"

namespace migrate::ops {
namespace {

/// The line where two texts part, in the new one.
ByteRange first_difference(const Source& was, const Source& is) {
  const std::string_view old_text = was.text(), new_text = is.text();
  const auto parted = std::mismatch(new_text.begin(), new_text.end(), old_text.begin(), old_text.end()).first;
  const auto at = static_cast<std::size_t>(parted - new_text.begin());
  const ByteRange line = is.line_range(is.line_column({at}).line);
  return {std::min(at, line.end), line.end};
}

/// A file that could not be read then is not known to say the same now.
bool says_the_same(const SourcePtr& was, const SourcePtr& is, const revision::RevisionFile& file) {
  const auto then = revision::parse_revision(was);
  return then && sql::section_checksum(was, then->upgrade.body) == sql::section_checksum(is, file.upgrade.body);
}

Diagnostic edited(const std::string& reference, const SourcePtr& was, const SourcePtr& is,
                  const revision::RevisionId& id) {
  return error("edited-revision",
               fmt::format("revision {} is in `{}` already, and its upgrade was changed", id.str(), reference))
      .at(is, first_difference(*was, *is), "differs from here")
      .note("databases that have applied it will refuse the next upgrade")
      .help(fmt::format("put it back: git checkout {} -- {}", reference, was->path()))
      .help("make the change in a new revision: migrate revision -m \"...\"");
}

Diagnostic deleted(const std::string& reference, const SourcePtr& was, const revision::RevisionId& id) {
  return error("deleted-revision", fmt::format("revision {} is in `{}`, and its file is gone", id.str(), reference))
      .in_file(was->path())
      .note("databases that have applied it can neither go on nor undo it by its file")
      .help(fmt::format("put it back: git checkout {} -- {}", reference, was->path()))
      .help("undo what it did in a new revision: migrate revision -m \"...\"");
}

}  // namespace

Result<Changes> changes_since(const std::string& reference, const config::Settings& settings, const History& history) {
  MIGRATE_TRY_ASSIGN(const auto files, files_at(reference, settings.migrations.value));
  const auto& graph = history.graph();
  Changes changes{.touched = revision::Graph::Set(graph.size(), true), .findings = {}};
  std::vector<std::pair<revision::NodeIndex, Diagnostic>> edits;
  for (const auto& was : files) {
    const auto id = revision::read_revision_id(was);
    if (id.str().empty()) continue;
    const auto node = graph.find(id);
    if (!node) {
      changes.findings.push_back(deleted(reference, was, id));
      continue;
    }
    const auto* file = history.file(*node);
    changes.touched[node->value] = revision::raw_checksum(was->text()) != file->raw_checksum;
    if (!changes.touched[node->value]) continue;
    MIGRATE_TRY_ASSIGN(const SourcePtr is, history.source(*file));
    if (!says_the_same(was, is, *file)) edits.emplace_back(*node, edited(reference, was, is, id));
  }
  std::sort(edits.begin(), edits.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  for (auto& [node, finding] : edits) changes.findings.push_back(std::move(finding));
  return changes;
}

}  // namespace migrate::ops
