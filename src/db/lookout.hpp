// How far a statement is and who is in its way, seen from beside it.
#pragma once

#include <migrate/base/interrupt.hpp>
#include <migrate/db/progress.hpp>
#include <migrate/db/session.hpp>

#include "db/pq_handles.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace migrate::db {

// Asks on a second connection, in a thread, while a statement runs: after a time-out nobody blocks any more. Between
// two questions that connection has no transaction and no snapshot. Whatever is wrong with it, the statement goes on.
class Lookout {
 public:
  // `lock_timeout`: of the statements; 0: none that is known.
  Lookout(Session& session, std::chrono::milliseconds lock_timeout);
  ~Lookout();
  Lookout(const Lookout&) = delete;
  Lookout& operator=(const Lookout&) = delete;

  // To be called while a statement runs. What is new, where there is something to tell. Cost: none in this thread; two
  // round trips in the other one, four times within a time-out, once a second at most.
  std::optional<Progress> look(std::chrono::milliseconds running);
  // Those who were seen last in this statement.
  [[nodiscard]] std::vector<Blocker> blockers() const;
  // The statement has ended: what was seen last stays.
  void rest();
  // A new statement begins.
  void forget();

 private:
  using Clock = std::chrono::steady_clock;

  // What the thread sees belongs to both.
  struct Sight {
    std::optional<Progress> progress;
    std::vector<Blocker> blockers;
    bool fresh = false;
  };

  void watch(int backend_pid, Clock::time_point started);
  void ask_once(int backend_pid, Clock::time_point started);
  bool connect();

  Session& session_;
  std::chrono::milliseconds interval_;
  Speedometer speed_;
  mutable std::mutex mutex_;  // of sight_
  Sight sight_;
  std::optional<Interrupt> give_up_;  // of the thread
  std::optional<std::thread> thread_;

  // The thread's, or nobody's.
  PqConnection connection_;
  Clock::time_point next_connect_{};
};

}  // namespace migrate::db
