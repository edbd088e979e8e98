// The part that upgrade, downgrade and redo share: lock, journal, steps one after another, and an honest account of
// them.
#pragma once

#include <functional>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/db/lock.hpp>
#include <migrate/ops/connection.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/history.hpp>
#include <migrate/ops/migration.hpp>

#include "ops/prepared_step.hpp"

namespace migrate::ops {

// What a verb wants done, decided from what the database has. Called once without the migration lock (is there anything
// to do?) and again under it.
using Decide = std::function<Result<std::vector<PreparedStep>>(Connection& connection, const Standing& standing)>;

// The outcome of a run that was refused before it began.
MigrationOutcome refused(Failure failure);

// Connects, decides, locks, decides again, checks, runs. The outcome is whole also where something failed.
MigrationOutcome run_migration(const Context& context, const Decide& decide, const RunOptions& options);

}  // namespace migrate::ops
