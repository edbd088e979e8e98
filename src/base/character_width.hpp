/// \file
/// How many columns a character takes. A table of our own, because wcwidth() asks the locale, which is never set.
#pragma once

#include <cstddef>

namespace migrate {

/// 0, 1 or 2. Control characters take none.
std::size_t character_width(char32_t character);

}  // namespace migrate
