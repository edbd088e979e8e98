/// \file
/// `migrate history`: revisions, newest first, with what a database has of them.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/db/session.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/revision_line.hpp>

namespace migrate::ops {

struct HistoryOptions {
  std::string range;                 ///< `A:B`, empty: all
  bool indicate_current = false;     ///< the database must be asked
  std::optional<std::size_t> limit;  ///< the newest so many
};

struct HistoryOutcome {
  std::vector<RevisionLine> revisions;       ///< newest first: children before parents
  std::size_t left_out = 0;                  ///< older ones, because of the limit
  std::optional<db::DatabaseInfo> database;  ///< none: not asked, and no line has a state
  std::string why_not_asked;                 ///< where one is configured and could not be asked
  Timestamp now;
};

/// The database is asked where one is configured and answers; with `indicate_current` or `current` in the range it
/// has to. Errors: those of History::load, of revision::resolve_range; of connect and read_journal where it has to
/// answer.
Result<HistoryOutcome> list_history(const Context& context, const HistoryOptions& options);

}  // namespace migrate::ops
