/// \file
/// How far a long statement is, and who it waits for.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace migrate::db {

/// Who is in the way of a statement: of its lock, or of its wait for old snapshots.
struct Blocker {
  int pid = 0;  ///< 0: a prepared transaction
  std::string user, application, state;
  std::optional<std::chrono::seconds> since;  ///< the age of its transaction
  bool operator==(const Blocker&) const = default;
};

/// "pid 4711 (app, psql, idle in transaction, its transaction is 12 s old)"
std::string describe(const Blocker& blocker);

/// A statement under way, as the server counts it.
struct Progress {
  std::string phase;                         ///< as the server names it: "building index: scanning table"
  std::string unit;                          ///< "bytes", "rows", "sessions", "indexes"; empty: nothing is counted
  std::int64_t done = 0;                     ///< of this phase
  std::optional<std::int64_t> total;         ///< of this phase; none: nobody knows
  std::optional<double> per_second;          ///< in the last moments
  std::optional<std::chrono::seconds> left;  ///< of this phase, at this speed
  std::chrono::milliseconds elapsed{0};      ///< of the statement
  std::vector<Blocker> waits_for;
};

/// 0 to 100; none where it is not known.
std::optional<int> percent(const Progress& progress);

/// The speed of something that is counted, over its last ten seconds.
class Speedometer {
 public:
  /// Fills in `per_second` and `left`. A new phase, or a count that went back, begins anew.
  void measure(Progress& progress);

 private:
  std::string phase_;
  std::deque<std::pair<std::chrono::milliseconds, std::int64_t>> counts_;
};

}  // namespace migrate::db
