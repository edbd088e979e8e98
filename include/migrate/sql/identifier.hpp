/// \file
/// Names as they are written, and as the server stores them.
#pragma once

#include <string>
#include <string_view>

namespace migrate::sql {

/// The name that a word or a quoted identifier stands for: folded, or without its quotes. Not cut to 63 bytes.
std::string identifier_text(std::string_view token);

}  // namespace migrate::sql
