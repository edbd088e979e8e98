// How far replicas are behind what this run writes.
#pragma once

#include <migrate/db/session.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>

namespace migrate::db {

struct LaggingReplica {
  std::string name;
  std::chrono::milliseconds lag{0};
};

class ReplicaLag {
 public:
  explicit ReplicaLag(Session& session) : session_(session) {}

  // The replica that is most behind; none: there is no replica, or all have all. Errors: 42501 where the user may not
  // see them.
  Result<std::optional<LaggingReplica>, ServerError> look();

 private:
  using Clock = std::chrono::steady_clock;
  struct Mark {
    std::int64_t position = 0;  // in the write-ahead log
    Clock::time_point reached;
  };

  [[nodiscard]] std::chrono::milliseconds age_behind(std::int64_t replayed) const;

  Session& session_;
  std::deque<Mark> marks_;  // what the server's own figure does not tell of a replica that has not moved yet
};

}  // namespace migrate::db
