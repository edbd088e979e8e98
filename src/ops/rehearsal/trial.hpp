// Revisions on a copy, with a watch on what they do.
#pragma once

#include <string>
#include <vector>

#include <migrate/ops/connection.hpp>
#include <migrate/ops/rehearse.hpp>
#include <migrate/rules/effects.hpp>

#include "ops/prepared_step.hpp"
#include "ops/rehearsal/copy.hpp"
#include "ops/rehearsal/watch.hpp"

namespace migrate::ops {

// One revision that is tried.
struct TriedStep {
  const PreparedStep* step = nullptr;
  db::RevisionRun run;
  std::vector<rules::StatementEffects> foretold;  // of each statement; empty: nobody asked
};

struct TriedOutcome {
  std::vector<RehearsedStatement> statements;
  std::chrono::milliseconds duration{0};
  std::optional<db::RunFailure> failure;
};

// Runs it as `upgrade` would, and watches where `watch` is given.
TriedOutcome try_revision(Copy& copy, const db::Journal& journal, const TriedStep& tried, Watch* watch);

}  // namespace migrate::ops
