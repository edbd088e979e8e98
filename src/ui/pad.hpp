// Columns of text.
#pragma once

#include <string>

#include "ui/painted.hpp"

namespace migrate::ui {

// With blanks behind up to `width` columns. The text may hold colour sequences.
inline std::string pad(std::string text, std::size_t width) {
  const std::size_t taken = painted_width(text);
  if (taken < width) text.append(width - taken, ' ');
  return text;
}

}  // namespace migrate::ui
