// Who is in the way of a statement that waits for a lock.
#pragma once

#include <migrate/db/executor.hpp>

#include <chrono>
#include <optional>
#include <vector>

namespace migrate::db {

// Asks from a second connection while the statement waits: after the time-out nobody blocks any more.
class LockWatch {
 public:
  // `lock_timeout`: of the statements; 0: watches nothing.
  LockWatch(Session& session, std::chrono::milliseconds lock_timeout);

  // To be called while a statement runs. Cost: a round trip four times within a time-out, once a second at most.
  void look(std::chrono::milliseconds running);
  // Those who were seen last in this statement.
  [[nodiscard]] std::vector<Blocker> blockers() const { return seen_; }
  // A new statement begins.
  void forget();

 private:
  Session& session_;
  std::chrono::milliseconds interval_;
  std::chrono::milliseconds next_;
  std::optional<Session> second_;
  bool out_of_order_ = false;
  std::vector<Blocker> seen_;
};

}  // namespace migrate::db
