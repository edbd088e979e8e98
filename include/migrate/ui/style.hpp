/// \file
/// How a stream is written to: decided once per stream, passed by value to whatever renders.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace migrate::ui {

enum class ColorChoice { automatic, always, never };

/// The five roles. Colour never carries meaning alone.
enum class Role { plain, error, warning, ok, id, dim, bold };

struct Style {
  bool color = false;
  bool live = false;          ///< a terminal: lines may be overprinted, short ids, prompts
  bool unicode = false;       ///< --graph unicode
  std::size_t width = 100;    ///< columns

  [[nodiscard]] std::string paint(Role role, std::string_view text) const;
};

/// Environment variables that decide (NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, TERM, COLUMNS), read by the caller.
/// A stream is coloured if: choice always; or automatic and (FORCE_COLOR or CLICOLOR_FORCE set and not "0", or it is a
/// terminal, TERM is not "dumb" and NO_COLOR is empty).
Style style_of_stream(int file_descriptor, ColorChoice choice);

}  // namespace migrate::ui
