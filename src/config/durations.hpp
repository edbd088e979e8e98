/// \file
/// What every place that takes a duration says about a wrong one.
#pragma once

#include <string_view>

namespace migrate::config {

inline constexpr std::string_view duration_help = "write a number and a unit, like 500ms, 2s, 5min or 1h; 0 for none";

}  // namespace migrate::config
