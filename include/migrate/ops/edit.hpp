/// \file
/// `migrate edit`: which files a target names.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>

namespace migrate::ops {

/// A target, or the path or name of a file. Broken files don't stand in the way of an id, its beginning (from four
/// characters) or a path: this is how they get mended. Asks the database only where the target says `current`. Errors:
/// those of revision::resolve and, for targets that need the graph, of History::load; `no-revision-file`; a warning for
/// a file that is applied already where the database was asked.
Result<std::vector<std::string>> paths_to_edit(const Context& context, const std::string& target);

}  // namespace migrate::ops
