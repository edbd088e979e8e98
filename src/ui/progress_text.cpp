#include "ui/progress_text.hpp"

#include <vector>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>

#include "ui/bytes.hpp"
#include "ui/printable.hpp"

namespace migrate::ui {
namespace {

std::string thousands(std::int64_t number) {
  std::string digits = std::to_string(number);
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > 0; at -= 3) {
    digits.insert(static_cast<std::size_t>(at), " ");
  }
  return digits;
}

std::string amount(const db::Progress& progress, double count) {
  if (progress.unit == "bytes") return format_bytes(count);
  return fmt::format("{} {}", thousands(static_cast<std::int64_t>(count)), progress.unit);
}

}  // namespace

std::string describe(const db::Progress& progress) {
  std::vector<std::string> parts;
  if (!progress.phase.empty()) parts.push_back(printable(progress.phase));
  const auto done = static_cast<double>(progress.done);
  // Of sessions, the one that it waits for is not done yet.
  const bool counts_few = progress.unit == "sessions" || progress.unit == "indexes";
  if (const auto part = percent(progress); part && !counts_few) {
    parts.push_back(fmt::format("{} % of {}", *part, amount(progress, static_cast<double>(*progress.total))));
  } else if (part) {
    parts.push_back(fmt::format("{} of {} {}", progress.done, *progress.total, progress.unit));
  } else if (!progress.unit.empty() && progress.done > 0) {
    parts.push_back(amount(progress, done));
  }
  if (progress.per_second && *progress.per_second >= 1 && !counts_few) {
    parts.push_back(amount(progress, *progress.per_second) + "/s");
  }
  if (progress.left && progress.left->count() > 0 && !counts_few)
    parts.push_back(format_duration(*progress.left) + " left");
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string describe_waiting(const db::Progress& progress) {
  if (progress.waits_for.empty()) return {};
  std::vector<std::string> sessions;
  for (const auto& one : progress.waits_for) sessions.push_back(db::describe(one));
  return "waits for " + printable(join_with_and(sessions));
}

std::string draw_bar(const db::Progress& progress, std::size_t width) {
  const auto part = percent(progress);
  if (!part || progress.unit == "sessions") return {};
  const std::size_t full = static_cast<std::size_t>(*part) * width / 100;
  return fmt::format("[{}{}]", std::string(full, '#'), std::string(width - full, '.'));
}

}  // namespace migrate::ui
