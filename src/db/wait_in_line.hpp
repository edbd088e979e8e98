// Behind others for the migration lock.
#pragma once

#include <migrate/db/lock.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>

namespace migrate::db {

enum class LineEnd { taken, timed_out, interrupted };

struct Line {
  LineEnd end = LineEnd::taken;
  std::optional<LockHolder> holder;  // who was last seen to have the lock
  std::chrono::milliseconds waited{0};
};

// Tries until the lock is taken or the time has run out, in longer and longer pauses.
Result<Line, ServerError> wait_in_line(Session& session, const std::string& journal_schema,
                                       std::chrono::milliseconds timeout,
                                       const std::function<Result<bool, ServerError>()>& take,
                                       const MigrationLock::OnWait& on_wait);

}  // namespace migrate::db
