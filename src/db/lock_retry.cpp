#include <migrate/db/lock_retry.hpp>

#include <algorithm>

namespace migrate::db {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds shortest_pause{100};
constexpr milliseconds longest_pause{60'000};
constexpr int doublings = 10;  // after so many the longest is reached

}  // namespace

bool is_lock_failure(const ServerError& error) { return error.sqlstate == "55P03" || error.sqlstate == "40P01"; }

std::optional<milliseconds> LockRetry::next(milliseconds tried) {
  ++tries_;
  spent_ += tried;
  if (spent_ >= budget_) return std::nullopt;
  const milliseconds full = std::min(shortest_pause * (1 << std::min(tries_ - 1, doublings)), longest_pause);
  std::uniform_int_distribution<milliseconds::rep> between(full.count() / 2, full.count());
  const milliseconds pause = std::min(milliseconds(between(random_)), budget_ - spent_);
  spent_ += pause;
  return pause;
}

}  // namespace migrate::db
