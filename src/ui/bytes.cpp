#include "ui/bytes.hpp"

#include <fmt/format.h>

namespace migrate::ui {

std::string format_bytes(double count) {
  constexpr const char* units[] = {"B", "kB", "MB", "GB", "TB"};
  std::size_t unit = 0;
  // Not "1023 kB": three digits are enough.
  for (; count >= 1000 && unit + 1 < std::size(units); ++unit) count /= 1024;
  return count < 9.95 && unit > 1 ? fmt::format("{:.1f} {}", count, units[unit])
                                  : fmt::format("{:.0f} {}", count, units[unit]);
}

}  // namespace migrate::ui
