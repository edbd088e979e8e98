/// \file
/// `migrate plan`: what an upgrade or downgrade would do. Changes nothing.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/observer.hpp>

namespace migrate::ops {

struct PlannedStatement {
  std::string summary;
  std::size_t line = 0;
  bool in_transaction = true;
  std::vector<std::string> destroys;  ///< data: "account.last_seen (~48 k rows)"
};

struct PlannedStep {
  StepSummary step;
  std::vector<PlannedStatement> statements;
  int steps_done = 0;         ///< of a revision that was left behind half-done
  bool reversible = true;
};

struct PlanOutcome {
  db::DatabaseInfo database;
  std::vector<RevisionSummary> from, to;
  std::vector<PlannedStep> steps;
  Diagnostics findings;       ///< of the rules
  bool refused = false;       ///< one of them is an error: upgrade would not begin
};

/// Warns of `destroys-data` as the run itself would.
Result<PlanOutcome> plan(const Context& context, const std::string& target, db::Direction direction);

}  // namespace migrate::ops
