/// \file
/// Graph errors as diagnostics, with the places in the files that they come from.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <span>

#include <migrate/base/diagnostic.hpp>
#include <migrate/base/source.hpp>
#include <migrate/revision/graph.hpp>
#include <migrate/revision/revision_file.hpp>

namespace migrate::revision {

/// The file that a node came from: its text, and what was parsed of it.
struct GraphOrigin {
  SourcePtr source;
  const RevisionFile* file = nullptr;
};

/// Finds the file of an origin; none where there is no file (a row of the journal), or it cannot be read any more.
using OriginLookup = std::function<std::optional<GraphOrigin>(std::size_t origin)>;

/// One diagnostic per error: a caret at the id, parent, dependency or label it is about, the other files concerned
/// beside it (the other duplicate, the rest of the cycle), and what to do. Errors without a file still have a message.
Diagnostics describe(std::span<const GraphError> errors, const OriginLookup& lookup);

}  // namespace migrate::revision
