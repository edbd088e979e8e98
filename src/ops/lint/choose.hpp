// Which revisions a lint is about.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/history.hpp>

namespace migrate::ops {

// The revisions that the words name: paths of files or folders, targets, ranges. `applied`: of the database that is
// asked; null: none is. Errors: `no-such-file`, `needs-database`, those of revision::resolve and resolve_range.
Result<revision::Graph::Set> choose_revisions(const History& history, const revision::Graph::Set* applied,
                                              const std::vector<std::string>& words);

}  // namespace migrate::ops
