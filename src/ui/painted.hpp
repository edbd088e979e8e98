/// \file
/// Lines that are put together from painted pieces, and measures of painted text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/ui/style.hpp>

namespace migrate::ui {

/// Columns of a text that may hold colour sequences.
std::size_t painted_width(std::string_view text);

/// Cut to at most `columns`, with "..." at the end where something was cut. Colour sequences stay whole and closed.
std::string cut_painted(std::string_view text, std::size_t columns);

/// The lines of `text`, made printable, each broken at blanks to at most `columns` (0: not broken). A word longer than
/// a line stays whole. Continuations of a broken line are indented as the line is.
std::vector<std::string> wrap(std::string_view text, std::size_t columns);

/// A row of screen cells that is drawn upon in any order.
class Row {
 public:
  /// Overwrites what is there. `text` is made printable first.
  void put(std::size_t column, std::string_view text, Role role);
  void fill(std::size_t begin, std::size_t end, char character, Role role);
  [[nodiscard]] bool blank(std::size_t begin, std::size_t end) const;
  /// Without blanks at the end.
  [[nodiscard]] std::string str(const Style& style) const;

 private:
  struct Cell {
    std::string text;  // empty: a blank
    Role role = Role::plain;
    bool covered = false;  // by the wide character on its left
  };
  Cell& at(std::size_t column);
  std::vector<Cell> cells_;
};

}  // namespace migrate::ui
