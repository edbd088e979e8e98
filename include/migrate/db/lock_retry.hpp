/// \file
/// When a statement that got no lock is tried again.
#pragma once

#include <migrate/db/server_error.hpp>

#include <chrono>
#include <optional>
#include <random>

namespace migrate::db {

/// A lock that was not to be had in time, or a deadlock: nothing is wrong with the statement.
bool is_lock_failure(const ServerError& error);

/// Pauses that double from a tenth of a second to a minute, each shortened by chance so that those who wait for the
/// same lock come apart.
class LockRetry {
 public:
  explicit LockRetry(std::chrono::milliseconds budget) : budget_(budget) {}

  /// The pause before the next try, after one that took `tried`. None: the time is up.
  std::optional<std::chrono::milliseconds> next(std::chrono::milliseconds tried);
  /// That have failed.
  [[nodiscard]] int tries() const { return tries_; }
  /// In failed tries and pauses.
  [[nodiscard]] std::chrono::milliseconds spent() const { return spent_; }

 private:
  std::chrono::milliseconds budget_;
  std::chrono::milliseconds spent_{0};
  int tries_ = 0;
  std::minstd_rand random_{std::random_device{}()};
};

}  // namespace migrate::db
