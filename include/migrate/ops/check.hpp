/// \file
/// `migrate check`: is everything as it should be? For CI.
#pragma once

#include <cstddef>
#include <optional>

#include <migrate/base/result.hpp>
#include <migrate/db/session.hpp>
#include <migrate/ops/context.hpp>

namespace migrate::ops {

struct CheckOutcome {
  Diagnostics findings;
  std::size_t revisions = 0;  ///< files looked at
  std::size_t applied = 0;
  std::optional<db::DatabaseInfo> database;  ///< none: files only
};

/// Files: `several-heads`, `file-name`, and all that would make a run be refused (`transaction-control`,
/// `psql-meta-command` ...). Database: `pending-revisions`, `changed-revision`, `missing-revision-file`,
/// `cosmetic-change`, `unfinished-revision`, `unapplied-ancestor`, `unmanaged-database`.
/// Errors: those of History::load, connect and read_journal.
Result<CheckOutcome> check(const Context& context, bool ask_database);

}  // namespace migrate::ops
