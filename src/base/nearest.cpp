#include <migrate/base/text.hpp>

#include <algorithm>
#include <cstddef>
#include <limits>

namespace migrate {
namespace {

/// Insertions, deletions, substitutions and swaps of neighbours that turn `a` into `b`.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::swap(before_last, last);
    std::swap(last, row);
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, substituted});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  const auto wanted = to_lower_ascii(word);
  std::size_t best = std::numeric_limits<std::size_t>::max();
  const std::string* found = nullptr;
  for (const auto& candidate : candidates) {
    const auto longer = std::max(wanted.size(), candidate.size());
    const auto shorter = std::min(wanted.size(), candidate.size());
    const auto threshold = std::max<std::size_t>(1, longer / 3);
    // The difference in length is a lower bound, so that hostile words cost nothing.
    if (longer - shorter > threshold) continue;
    const auto distance = edit_distance(wanted, to_lower_ascii(candidate));
    // Words that share nothing are not near, however short.
    if (distance > threshold || distance >= longer || distance >= best) continue;
    best = distance;
    found = &candidate;
  }
  return found == nullptr ? std::nullopt : std::optional(*found);
}

}  // namespace migrate
