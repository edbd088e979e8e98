/// \file
/// `migrate resume`: finishes what an earlier run left behind half-done.
#pragma once

#include <migrate/ops/context.hpp>
#include <migrate/ops/migration.hpp>

namespace migrate::ops {

/// Goes on with every revision that is half applied or half undone, in the direction in which it was going; does
/// nothing else. Nothing unfinished: no steps.
MigrationOutcome resume(const Context& context, const RunOptions& options);

}  // namespace migrate::ops
