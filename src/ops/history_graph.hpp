// Revision files and journal rows as nodes of a graph.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/base/source.hpp>
#include <migrate/db/journal.hpp>
#include <migrate/ops/history.hpp>
#include <migrate/revision/graph.hpp>
#include <migrate/revision/graph_diagnostics.hpp>
#include <migrate/revision/revision_file.hpp>

namespace migrate::ops {

revision::NodeInput node_of(const revision::RevisionFile& file, std::size_t origin);
revision::NodeInput node_of(const db::JournalRow& row, std::size_t origin);

// The nodes of files, each with its place among them as origin.
std::vector<revision::NodeInput> nodes_of(std::span<const revision::RevisionFile> files);

// Finds files by their place among `files`, which the caller keeps.
revision::OriginLookup origins_in(std::span<const revision::RevisionFile> files);

// Errors: those of the graph, all at once, with the places that `lookup` finds.
Result<revision::Graph> build_graph(std::vector<revision::NodeInput> inputs, const revision::OriginLookup& lookup);

// Whether the history would still be whole with one more file, whose text is given. Errors: those of
// revision::parse_revision and of the graph, each with a note that nothing was written.
Result<void> check_new_file(const History& history, const SourcePtr& source);

}  // namespace migrate::ops
