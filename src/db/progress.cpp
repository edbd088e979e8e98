#include <migrate/db/progress.hpp>

#include <algorithm>
#include <cmath>

namespace migrate::db {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds window{10'000};
// A speed that was seen for less than this tells nothing yet.
constexpr milliseconds shortest_measure{900};
constexpr double longest_guess = 30.0 * 24 * 3600;

}  // namespace

std::optional<int> percent(const Progress& progress) {
  if (!progress.total || *progress.total <= 0) return std::nullopt;
  const double part = static_cast<double>(progress.done) / static_cast<double>(*progress.total);
  return static_cast<int>(std::floor(std::clamp(part, 0.0, 1.0) * 100));
}

void Speedometer::measure(Progress& progress) {
  if (progress.phase != phase_ || (!counts_.empty() && progress.done < counts_.back().second)) counts_.clear();
  phase_ = progress.phase;
  counts_.emplace_back(progress.elapsed, progress.done);
  while (counts_.size() > 2 && progress.elapsed - counts_[1].first >= window) counts_.pop_front();

  const milliseconds took = progress.elapsed - counts_.front().first;
  if (took < shortest_measure) return;
  const double per_second =
      static_cast<double>(progress.done - counts_.front().second) * 1000.0 / static_cast<double>(took.count());
  progress.per_second = per_second;
  if (!progress.total || per_second <= 0) return;
  const double left = static_cast<double>(std::max<std::int64_t>(*progress.total - progress.done, 0)) / per_second;
  if (left < longest_guess) progress.left = std::chrono::seconds(std::llround(left));
}

}  // namespace migrate::db
