/// \file
/// `migrate current`: the revisions at which a database stands.
#pragma once

#include <cstddef>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/db/session.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/revision_line.hpp>

namespace migrate::ops {

struct CurrentHead {
  RevisionLine revision;
  /// Ends of other lineages that stand below it as dependencies, and so are there with it.
  std::vector<RevisionSummary> implied;
};

struct CurrentOutcome {
  db::DatabaseInfo database;
  std::string masked_url;          ///< empty: libpq's own variables and defaults
  std::vector<CurrentHead> heads;  ///< empty: base
  std::vector<RevisionLine> unfinished;
  std::size_t pending = 0;
  Diagnostics missing;  ///< `missing-revision-file`, for each applied revision without a file
  Timestamp now;

  /// Nothing left to apply or to finish. Dependencies count: a head that another one depends on need not stand alone.
  [[nodiscard]] bool at_heads() const { return pending == 0 && unfinished.empty(); }
};

/// Errors: those of History::load, connect and read_journal.
Result<CurrentOutcome> current(const Context& context);

}  // namespace migrate::ops
