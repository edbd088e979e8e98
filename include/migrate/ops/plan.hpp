/// \file
/// `migrate plan`: what an upgrade or downgrade would do. Changes nothing.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/observer.hpp>

namespace migrate::ops {

enum class Certainty { no, maybe, yes };

/// What a statement does to a relation that is there now, while it runs.
struct PlannedLock {
  std::string relation;
  std::string mode;  ///< "SHARE UPDATE EXCLUSIVE"
  bool blocks_writes = false;
  bool blocks_reads = false;
  std::size_t partitions = 0;  ///< of it, that are locked with it
  std::optional<double> rows;  ///< the server's estimate
  std::optional<std::uint64_t> bytes;
  Certainty rewrite = Certainty::no;
  Certainty scan = Certainty::no;
  Certainty index_build = Certainty::no;
};

struct PlannedStatement {
  std::string summary;
  std::size_t line = 0;
  bool in_transaction = true;
  std::string treatment;  ///< how it is run, where a directive says so: "batches of 5000 rows", "must be true"
  std::vector<std::string> destroys;  ///< data: "account.last_seen (~48 k rows)"
  std::vector<PlannedLock> locks;     ///< the strongest first
};

struct PlannedStep {
  StepSummary step;
  std::vector<PlannedStatement> statements;
  int steps_done = 0;                      ///< of a revision that was left behind half-done
  std::optional<db::BatchesDone> batches;  ///< of the statement behind them, where it runs in batches
  bool reversible = true;
};

struct PlanOutcome {
  db::DatabaseInfo database;
  std::vector<RevisionSummary> from, to;
  std::vector<PlannedStep> steps;
  Diagnostics findings;  ///< of the rules
  bool refused = false;  ///< one of them is an error: upgrade would not begin
};

/// Warns of `destroys-data` as the run itself would. `lint`: false asks no rule.
Result<PlanOutcome> plan(const Context& context, const std::string& target, db::Direction direction, bool lint = true,
                         bool allow_drift = false);

}  // namespace migrate::ops
