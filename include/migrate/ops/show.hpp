/// \file
/// `migrate show REV`: everything about a revision.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/db/session.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/revision_line.hpp>

namespace migrate::ops {

struct StatementLine {
  std::string summary;        ///< "CREATE INDEX CONCURRENTLY ix_users_email"
  bool transactional = true;  ///< false: PostgreSQL refuses it inside a transaction block
  std::size_t line = 0;       ///< where it begins in the file; 0: it is not in a file
};

struct SectionLines {
  std::vector<StatementLine> statements;
  bool transactional = true;  ///< one transaction for all of it
  Diagnostics problems;       ///< why it cannot be run
  bool from_journal = false;  ///< the file is gone; this is what the journal kept
};

struct RevisionDetail {
  RevisionLine line;
  std::vector<RevisionSummary> parents, children, dependencies, dependents;
  std::string prose;
  std::optional<SectionLines> upgrade;      ///< none: the file is gone
  std::optional<SectionLines> downgrade;    ///< none: irreversible, or unknown
  std::optional<std::string> irreversible;  ///< the reason
};

struct ShowOutcome {
  std::vector<RevisionDetail> revisions;
  std::optional<db::DatabaseInfo> database;  ///< none: not asked
  std::string why_not_asked;
  Timestamp now;
};

/// `ask_database` false: files only. Errors: those of History::load and revision::resolve; `nothing-to-show` for base
/// and for `current` of an empty database; of connect where the target is relative to the database.
Result<ShowOutcome> show(const Context& context, const std::string& target, bool ask_database);

}  // namespace migrate::ops
