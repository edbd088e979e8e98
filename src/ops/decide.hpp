// From a target and what the database has to the steps that lead there.
#pragma once

#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/ops/connection.hpp>
#include <migrate/ops/history.hpp>
#include <migrate/revision/target.hpp>

#include "ops/prepared_step.hpp"

namespace migrate::ops {

// Nothing half-done is left in the journal. Errors (exit code 5): `unfinished-upgrade`, `unfinished-downgrade`.
Result<void> refuse_unfinished(const Standing& standing);

// Errors: those of revision::plan_upgrade and prepare_step, `unfinished-downgrade`; `missing-revision-file`, where the
// target leads nowhere and an applied revision's file is not here.
Result<std::vector<PreparedStep>> decide_upgrade(const Standing& standing, const revision::Target& target);

// The steps of a downgrade: by the file's section where there is a file, else by the one that the journal keeps. What
// was begun is compared with that: see BegunText.
Result<std::vector<PreparedStep>> prepare_downgrade(Connection& connection, const Standing& standing,
                                                    const revision::Plan& plan);

// Errors: those of revision::plan_downgrade and prepare_step, `unfinished-upgrade`, `no-stored-downgrade`.
Result<std::vector<PreparedStep>> decide_downgrade(Connection& connection, const Standing& standing,
                                                   const revision::Target& target);

}  // namespace migrate::ops
