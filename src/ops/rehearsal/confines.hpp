// What the pending sections would change outside of a copy.
#pragma once

#include <optional>
#include <span>

#include <migrate/base/result.hpp>

#include "ops/prepared_step.hpp"

namespace migrate::ops {

struct Confines {
  std::optional<Diagnostic> nowhere;     // `server-wide-statement`: there is no copy that keeps it in
  std::optional<Diagnostic> not_beside;  // the same, of a copy beside the original
  Diagnostics unseen;                    // `server-wide-unseen`, of a copy beside the original
};

// Looks at both sections of each step: a rehearsal goes up and down. Errors: those of make_run().
Result<Confines> read_confines(const Standing& standing, std::span<const PreparedStep> steps,
                               const config::Settings& settings);

}  // namespace migrate::ops
