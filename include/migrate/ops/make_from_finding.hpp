/// \file
/// `migrate revision --from-finding`: the safe form of a statement, in several revisions.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/make_revision.hpp>

namespace migrate::ops {

struct MadeRewrite {
  std::vector<MadeRevision> revisions;  ///< in the order in which they run
  Diagnostic finding;                   ///< its place is the statement that they replace
  RevisionSummary replaces_part_of;
};

/// `what`: RULE or RULE@REV. `options` as for make_revision(), but for the message. Errors: `unknown-rule`,
/// `no-such-finding`, `no-rewrite`, `several-findings` (with the places), those of lint() and make_revision().
Result<MadeRewrite> make_from_finding(const Context& context, const std::string& what, RevisionOptions options);

}  // namespace migrate::ops
