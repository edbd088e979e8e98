/// \file
/// The difference of two texts as `patch` and `git apply` take it.
#pragma once

#include <string>
#include <string_view>

namespace migrate::ui {

/// Empty where the texts are the same. Three lines of context. Cost: lines that differ times lines that differ; where
/// that is too much, all of them are replaced.
std::string unified_diff(std::string_view path, std::string_view before, std::string_view after);

}  // namespace migrate::ui
