// What runs through a pooler that gives each transaction another server process.
#pragma once

#include <span>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/connection.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/history.hpp>

#include "ops/prepared_step.hpp"

namespace migrate::ops {

// `session-needed` (exit code 2): what cannot be done without a session of one's own.
Failure session_needed(const Context& context, const db::DatabaseInfo& database, Diagnostic what);

// Steps that do not run in one transaction need a session. Errors: session_needed().
Result<void> guard_session(const Context& context, const db::DatabaseInfo& database,
                           std::span<const PreparedStep> steps);

// What is left of the steps after another run has changed the journal: without those that it did. Errors: `overtaken`
// (exit code 3) where what is left no longer fits what is applied.
Result<std::vector<PreparedStep>> without_done(const Standing& standing, std::span<const PreparedStep> steps);

}  // namespace migrate::ops
