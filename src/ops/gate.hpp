// The rules at the door of a database: what would break it is refused before anything runs.
#pragma once

#include <optional>
#include <span>

#include <migrate/base/result.hpp>
#include <migrate/catalog/schema.hpp>
#include <migrate/ops/connection.hpp>
#include <migrate/ops/context.hpp>
#include <migrate/ops/history.hpp>

#include "ops/prepared_step.hpp"

namespace migrate::ops {

struct GateVerdict {
  Diagnostics findings;  // errors and warnings, in the order of the steps
  std::size_t errors = 0;
  std::size_t revisions = 0;              // judged ones
  std::optional<catalog::Schema> schema;  // what the server was asked for, before the first step; none: it wasn't
};

// Judges the upgrades among the steps with what the database has. One round trip, and six for each ALTER TABLE
// that the parser doesn't know; none where nothing is judged. Errors: `invalid-settings`, those of db::read_catalog and
// db::probe.
Result<GateVerdict> judge_steps(const Context& context, Connection& connection, const Standing& standing,
                                std::span<const PreparedStep> steps);

// For a script: all that is known is what the files before the steps say.
Result<GateVerdict> judge_script(const Context& context, const Standing& standing, std::span<const PreparedStep> steps);

// Tells the warnings. Errors: the findings, where one of them is an error (exit code 1).
Result<void> pass_gate(const Context& context, Result<GateVerdict> verdict);

}  // namespace migrate::ops
