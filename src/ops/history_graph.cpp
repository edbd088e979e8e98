#include "ops/history_graph.hpp"

#include <optional>
#include <utility>

#include <migrate/base/file.hpp>

namespace migrate::ops {
namespace {

Failure not_written(Failure why) {
  for (auto& problem : why.diagnostics) problem = std::move(problem).note("state", "nothing was written");
  return why;
}

/// `migrate:allow RULE` as a message is a directive, and then the file has none.
Result<void> check_message(const revision::RevisionFile& file, const SourcePtr& source) {
  if (!file.header.message.empty()) return {};
  return fail(error("missing-message", "the first comment line is the message, and here it is none")
                  .at(source, source->line_range(1))
                  .help("choose another message: this one is read as something else"));
}

}  // namespace

revision::NodeInput node_of(const revision::RevisionFile& file, std::size_t origin) {
  revision::NodeInput input{.id = file.header.id.value,
                            .parents = {},
                            .depends_on = {},
                            .labels = {},
                            .create_date = file.header.create_date,
                            .message = file.header.message,
                            .origin = origin};
  for (const auto& parent : file.header.parents) input.parents.push_back(parent.value);
  for (const auto& dependency : file.header.depends_on) input.depends_on.push_back(dependency.value);
  for (const auto& label : file.header.labels) input.labels.push_back(label.value);
  return input;
}

revision::NodeInput node_of(const db::JournalRow& row, std::size_t origin) {
  revision::NodeInput input{.id = row.entry.id,
                            .parents = row.entry.parents,
                            .depends_on = {},
                            .labels = {},
                            .create_date = row.applied_at,
                            .message = row.entry.message,
                            .origin = origin};
  for (const auto& dependency : row.entry.depends_on) input.depends_on.push_back(dependency.str());
  return input;
}

std::vector<revision::NodeInput> nodes_of(std::span<const revision::RevisionFile> files) {
  std::vector<revision::NodeInput> nodes;
  nodes.reserve(files.size());
  for (std::size_t i = 0; i < files.size(); ++i) nodes.push_back(node_of(files[i], i));
  return nodes;
}

revision::OriginLookup origins_in(std::span<const revision::RevisionFile> files) {
  return [files](std::size_t origin) -> std::optional<revision::GraphOrigin> {
    if (origin >= files.size()) return std::nullopt;
    auto text = read_file(files[origin].path);
    if (!text) return std::nullopt;
    return revision::GraphOrigin{make_source(files[origin].path, *std::move(text)), &files[origin]};
  };
}

Result<revision::Graph> build_graph(std::vector<revision::NodeInput> inputs, const revision::OriginLookup& lookup) {
  auto graph = revision::Graph::build(std::move(inputs));
  if (graph) return *std::move(graph);
  return fail(Failure(revision::describe(graph.error(), lookup)));
}

Result<void> check_new_file(const History& history, const SourcePtr& source) {
  const auto parsed = revision::parse_revision(source);
  if (!parsed) return fail(not_written(parsed.error()));
  if (auto message = check_message(*parsed, source); !message) return fail(not_written(std::move(message).error()));

  const auto files = history.files();
  auto nodes = nodes_of(files);
  nodes.push_back(node_of(*parsed, files.size()));
  const auto lookup = [&, old_ones = origins_in(files)](std::size_t origin) -> std::optional<revision::GraphOrigin> {
    if (origin == files.size()) return revision::GraphOrigin{source, &*parsed};
    return old_ones(origin);
  };
  auto graph = build_graph(std::move(nodes), lookup);
  if (!graph) return fail(not_written(std::move(graph).error()));
  return {};
}

}  // namespace migrate::ops
