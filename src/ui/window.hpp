/// \file
/// A source line as it is shown: printable, and windowed where it is too long.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "ui/printable.hpp"

namespace migrate::ui {

/// Half-open, in display columns from 0.
struct Columns {
  std::size_t begin = 0;
  std::size_t end = 0;
};

/// A line, and the part of it that is shown.
class LineWindow {
 public:
  /// The whole line where it has at most `width` columns; else the part that holds `focus` (the begin of it where it is
  /// too long), with "..." where something is left out. The focus is in bytes of the line.
  LineWindow(std::string_view line, std::size_t focus_begin, std::size_t focus_end, std::size_t width);

  [[nodiscard]] const std::string& text() const { return text_; }
  /// Where bytes of the line are shown: at least one column, at an end of the window where they are outside of it.
  [[nodiscard]] Columns columns_of(std::size_t begin, std::size_t end) const;

 private:
  [[nodiscard]] Columns unwindowed(std::size_t begin, std::size_t end) const;
  void choose(Columns focus, std::size_t width);

  std::vector<ShownCharacter> characters_;
  std::size_t line_columns_ = 0;
  Columns window_;         // of the whole line
  std::size_t shift_ = 0;  // columns of dots before the window
  std::size_t text_columns_ = 0;
  std::string text_;
};

}  // namespace migrate::ui
