// What a branch did to revisions that were there before.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/history.hpp>

namespace migrate::ops {

struct Changes {
  revision::Graph::Set touched;  // added, or not the same text
  Diagnostics findings;          // `edited-revision`, `deleted-revision`
};

// Revisions are told by their ids: a renamed file is not a change. Errors: those of files_at().
Result<Changes> changes_since(const std::string& reference, const config::Settings& settings, const History& history);

}  // namespace migrate::ops
