/// \file
/// `migrate branches`: where the history forks. No database.
#pragma once

#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/revision_line.hpp>

namespace migrate::ops {

/// A revision with several children.
struct BranchPoint {
  RevisionLine revision;
  std::vector<RevisionLine> children;
};

struct BranchesOutcome {
  std::vector<BranchPoint> points;  ///< newest first
};

Result<BranchesOutcome> branches(const Context& context);

}  // namespace migrate::ops
