#include <migrate/ops/history.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/base/text.hpp>
#include <migrate/sql/statement.hpp>

#include "ops/history_graph.hpp"
#include "ops/parallel.hpp"
#include "ops/revision_files.hpp"

namespace migrate::ops {
namespace {

Result<revision::RevisionFile> load_file(const std::string& path) {
  MIGRATE_TRY_ASSIGN(std::string text, read_file(path));
  return revision::parse_revision(make_source(path, std::move(text)));
}

/// Reading and parsing are independent of one another: spread over the cores, results in the order of the paths.
std::vector<std::optional<Result<revision::RevisionFile>>> load_files(const std::vector<std::string>& paths) {
  std::vector<std::optional<Result<revision::RevisionFile>>> results(paths.size());
  constexpr std::size_t files_worth_a_thread = 256;
  in_parallel(paths.size(), files_worth_a_thread, [&](std::size_t i) { results[i].emplace(load_file(paths[i])); });
  return results;
}

/// Another tool's file, which lies where revisions are read.
bool is_of_golang_migrate(const std::string& path, const Failure& failure) {
  if (!path.ends_with(".up.sql") && !path.ends_with(".down.sql")) return false;
  return std::any_of(failure.diagnostics.begin(), failure.diagnostics.end(),
                     [](const Diagnostic& problem) { return problem.id == "missing-header"; });
}

/// One word on all of them: each would have the same complaints. Requires: there are some.
Diagnostic foreign_files(const std::vector<std::string>& paths) {
  const std::string others = paths.size() > 1 ? fmt::format(" and {} more", paths.size() - 1) : std::string();
  return error("missing-header", fmt::format("`{}`{} without a revision's header: by their names they are "
                                             "golang-migrate's",
                                             paths.front(), others))
      .in_file(paths.front())
      .help("move them to another folder, then take them over: migrate import golang-migrate FOLDER");
}

}  // namespace

Result<History> History::load(const config::Settings& settings) {
  MIGRATE_TRY_ASSIGN(const auto paths, list_revision_files(settings));
  History history;
  history.files_.reserve(paths.size());
  Diagnostics broken;
  std::vector<std::string> foreign;
  auto results = load_files(paths);
  for (std::size_t i = 0; i < paths.size(); ++i) {
    auto& result = results[i];
    if (*result) {
      history.files_.push_back(**std::move(result));
    } else if (is_of_golang_migrate(paths[i], result->error())) {
      foreign.push_back(paths[i]);
    } else {
      auto& found = result->error().diagnostics;
      broken.insert(broken.end(), found.begin(), found.end());
    }
  }

  if (!foreign.empty()) broken.push_back(foreign_files(foreign));

  auto graph = build_graph(nodes_of(history.files_), origins_in(history.files_));
  if (!broken.empty()) {
    // A file that could not be read is missing from the graph: its children's complaints would be noise.
    return fail(Failure(std::move(broken)));
  }
  if (!graph) return fail(std::move(graph).error());
  history.graph_ = *std::move(graph);
  return history;
}

const revision::RevisionFile* History::file(revision::NodeIndex index) const {
  const std::size_t origin = graph_[index].origin;
  return origin < files_.size() ? &files_[origin] : nullptr;
}

Result<SourcePtr> History::source(const revision::RevisionFile& file) const {
  MIGRATE_TRY_ASSIGN(std::string text, read_file(file.path));
  SourcePtr source = make_source(file.path, std::move(text));
  if (revision::raw_checksum(source->text()) != file.raw_checksum) {
    return fail(error("changed-while-running", fmt::format("`{}` was changed while it was being used", file.path))
                    .in_file(file.path)
                    .help("run the same command again"));
  }
  return source;
}

RevisionSummary History::summary(revision::NodeIndex index) const {
  const auto* known = file(index);
  return {.id = graph_[index].id, .message = graph_[index].message, .path = known ? known->path : std::string()};
}

std::vector<RevisionSummary> History::summaries(std::span<const revision::NodeIndex> indexes) const {
  std::vector<RevisionSummary> result;
  result.reserve(indexes.size());
  for (const auto index : indexes) result.push_back(summary(index));
  return result;
}

Result<History> History::with_journal(const db::JournalContent& journal) const {
  std::vector<const db::JournalRow*> unknown;
  for (const auto& row : journal.rows) {
    if (!graph_.find(row.entry.id)) unknown.push_back(&row);
  }
  if (unknown.empty()) return *this;

  History combined;
  combined.files_ = files_;
  auto inputs = nodes_of(files_);
  for (std::size_t i = 0; i < unknown.size(); ++i) inputs.push_back(node_of(*unknown[i], files_.size() + i));
  MIGRATE_TRY_ASSIGN(combined.graph_, build_graph(std::move(inputs), origins_in(files_)));
  return combined;
}

}  // namespace migrate::ops
