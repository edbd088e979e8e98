/// \file
/// `migrate status`: where files and database stand, and the next command.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/db/lock.hpp>
#include <migrate/db/session.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/revision_line.hpp>

namespace migrate::ops {

struct StatusOutcome {
  db::DatabaseInfo database;
  bool journal_exists = false;
  bool database_has_tables = false;   ///< known only where no revision ever was applied
  std::vector<RevisionLine> current;  ///< empty: base
  std::vector<RevisionLine> heads;
  bool heads_diverge = false;  ///< several heads, and no labels that tell them apart
  std::vector<RevisionLine> unfinished;
  std::optional<db::LockHolder> lock_holder;  ///< a run that is under way
  std::vector<RevisionLine> pending;          ///< in the order in which they would run
  std::size_t pending_statements = 0;
  std::size_t files = 0;
  std::vector<RevisionLine> changed, cosmetic, missing;  ///< applied revisions whose file differs or is gone
  Diagnostics unreadable;                                ///< of pending revisions: why they cannot be run
  std::vector<std::string> next;                         ///< commands, the likeliest first; empty: nothing to do
  Timestamp now;

  [[nodiscard]] bool settled() const {
    return pending.empty() && unfinished.empty() && changed.empty() && missing.empty();
  }
};

/// Errors: those of History::load, connect and read_journal.
Result<StatusOutcome> status(const Context& context);

}  // namespace migrate::ops
