/// \file
/// Text from files and servers, made harmless for a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::ui {

/// One character of a text, and how it is shown.
struct ShownCharacter {
  std::size_t begin = 0, end = 0;  ///< bytes in the text
  std::size_t column = 0;          ///< where it begins, from 0
  std::size_t width = 0;           ///< columns
  std::string shown;
};

/// Tabs go to the next multiple of four columns. Control characters, invisible ones that change the order or the
/// meaning of others, and bytes that are not UTF-8 are shown as \x1b, \u202e, \xff.
std::vector<ShownCharacter> show_characters(std::string_view line);

/// The same as one text; line breaks and tabs become one blank.
std::string printable(std::string_view text);

}  // namespace migrate::ui
