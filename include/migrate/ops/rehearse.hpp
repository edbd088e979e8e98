/// \file
/// `migrate rehearse`: the pending revisions on a copy of the database's schema: up, down, and up again.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/migration.hpp>
#include <migrate/ops/observer.hpp>

namespace migrate::ops {

/// Where the copy is.
enum class CopyPlace {
  automatic,  ///< embedded where that can be, else on the server if the role may make databases and it isn't protected
  embedded,   ///< in a PostgreSQL of its own, of the server's major version
  server,     ///< in a database beside the original
};

/// What a statement did to a relation that others can use before the run.
struct MeasuredLock {
  std::string relation;  ///< "public.account"
  std::string mode;      ///< "ACCESS EXCLUSIVE": the strongest that its transaction holds
  bool held = false;     ///< an earlier statement had taken it
  bool blocks_writes = false;
  bool blocks_reads = false;
  std::size_t partitions = 0;  ///< of it, that are locked alike
  bool rewrite = false, scan = false, index_build = false;
  std::optional<double> rows;          ///< of the real table, as the server estimates
  std::optional<std::uint64_t> bytes;  ///< of the real table, with its indexes
};

struct RehearsedStatement {
  std::string summary;
  std::size_t line = 0;
  bool in_transaction = true;
  bool asserts = false;  ///< `migrate:assert`: it ran, and nobody judged its answer, which is about rows
  bool done = false;
  bool measured = false;              ///< its locks and work were seen; else they are what is foretold
  std::vector<std::string> destroys;  ///< of the real database
  std::chrono::milliseconds duration{0};
  std::vector<MeasuredLock> locks;       ///< the strongest first
  std::vector<std::string> differences;  ///< from what `plan` foretells
};

/// How a revision's downgrade went.
enum class Undoing {
  not_tried,     ///< the upgrade failed
  same,          ///< the schema was as before
  reordered,     ///< but for an order, of columns for example
  different,     ///< `before` and `after` tell
  failed,        ///< there is a finding
  irreversible,  ///< the file says so
};

/// One revision: up; down; up again.
struct RehearsedStep {
  StepOutcome outcome;
  std::vector<RehearsedStatement> statements;
  Undoing undoing = Undoing::not_tried;
  std::chrono::milliseconds undo_duration{0};
  std::string before, after;  ///< the schema in SQL before going up and after coming down, where they differ
  bool again = false;         ///< it went up once more
};

struct RehearsalOutcome {
  db::DatabaseInfo database;
  std::vector<RevisionSummary> from, to;
  std::vector<RehearsedStep>
      steps;  ///< empty: nothing is pending, and no copy was made; skipped ones have no statements
  CopyPlace place = CopyPlace::embedded;
  std::string copy_version;  ///< "15.18"
  Diagnostics findings;      ///< errors: what does not work
  std::chrono::milliseconds duration{0};
};

/// The original is read in read-only transactions. The copy is gone afterwards, however this ends. Errors (exit code
/// 3): `no-client-programs`, `no-copy`, `copy-failed`; (2) `server-wide-statement`, `session-needed`; those of
/// upgrade() before it runs anything.
Result<RehearsalOutcome> rehearse(const Context& context, const std::string& target, CopyPlace place,
                                  bool allow_drift = false);

}  // namespace migrate::ops
