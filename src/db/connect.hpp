// Connecting, patiently where asked to, and the refusals as users read them.
#pragma once

#include <migrate/base/result.hpp>

#include "db/connect_attempt.hpp"

#include <chrono>

namespace migrate::db {

// Tries until `options.wait` is over, as long as the refusal may pass.
Result<PqConnection> connect_patiently(const ConnectOptions& options);

// What the user reads. `waited`: zero where nothing was waited for.
Failure connect_failure(AttemptError refused, std::chrono::milliseconds waited, const ConnectOptions& options);

}  // namespace migrate::db
