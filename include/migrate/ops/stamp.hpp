/// \file
/// `migrate stamp`, `migrate ensure-version`: the journal alone, nothing is run.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/observer.hpp>

namespace migrate::ops {

struct StampOutcome {
  db::DatabaseInfo database;
  std::vector<RevisionSummary> from, to;
  std::vector<RevisionSummary> added, removed;
  std::vector<RevisionSummary> rewritten;  ///< by a purge: applied before and after, as their files are now
};

/// Makes the journal say that the database is at the targets: the lineages that they touch move, others stay.
/// `purge`: forget everything first, also revisions that nobody knows any more. `adopt`: a journal of another project
/// becomes this one's.
Result<StampOutcome> stamp(const Context& context, const std::vector<std::string>& targets, bool purge, bool adopt);

struct EnsureVersionOutcome {
  db::DatabaseInfo database;
  std::string schema;
  bool created = false;
};

/// Makes the journal's tables if they are not there.
Result<EnsureVersionOutcome> ensure_version(const Context& context);

}  // namespace migrate::ops
