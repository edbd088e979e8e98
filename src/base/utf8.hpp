/// \file
/// UTF-8, one character at a time.
#pragma once

#include <cstddef>
#include <string_view>

namespace migrate {

struct Utf8Character {
  char32_t value = 0;    ///< U+FFFD where the bytes are not UTF-8
  std::size_t size = 1;  ///< in bytes; 1 where they are not UTF-8
  bool valid = false;
};

/// The character that begins at byte `at`. Overlong forms, surrogates and values past U+10FFFF are not UTF-8.
/// Requires: at < text.size().
Utf8Character utf8_character(std::string_view text, std::size_t at);

}  // namespace migrate
