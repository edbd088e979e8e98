/// \file
/// How a stream is written to: decided once per stream, passed by value to whatever renders.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace migrate::ui {

enum class ColorChoice { automatic, always, never };

/// The five roles, and two that are no colour. Colour never carries meaning alone.
enum class Role { plain, error, warning, ok, id, dim, bold };

struct Style {
  bool color = false;
  bool live = false;        ///< a terminal: lines may be overprinted, short ids, prompts
  bool unicode = false;     ///< --graph unicode
  std::size_t width = 100;  ///< columns

  [[nodiscard]] std::string paint(Role role, std::string_view text) const;
};

/// What a style is decided from. Texts are the environment's variables; empty: not set.
struct StreamFacts {
  bool terminal = false;
  std::size_t terminal_columns = 0;  ///< 0: unknown
  std::string no_color, force_color, clicolor_force, term, columns;
};

/// A stream is coloured if: choice always; or automatic and (FORCE_COLOR or CLICOLOR_FORCE is set and not "0", or it
/// is a terminal, TERM is not "dumb" and NO_COLOR is empty). It is live if it is a terminal and TERM is not "dumb".
/// The width is COLUMNS, else the terminal's, else 100.
Style decide_style(const StreamFacts& facts, ColorChoice choice);

/// decide_style() with the facts of a file descriptor and of this process's environment.
Style style_of_stream(int file_descriptor, ColorChoice choice);

}  // namespace migrate::ui
