/// \file
/// What a terminal shows after a program has written to it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace golden {

/// A screen of unlimited height. It knows line ends, carriage return, backspace, colours (which it drops), moving of
/// the cursor and erasing; it throws std::runtime_error at any other sequence, so that none passes unseen.
class Screen {
 public:
  explicit Screen(std::size_t columns) : columns_(columns) {}

  /// May end within a character or a sequence.
  void write(std::string_view text);
  /// Without blanks at line ends and empty lines at the end. What the terminal broke because it was too long is one
  /// line: where it breaks depends on names that change from run to run.
  [[nodiscard]] std::vector<std::string> lines() const;
  /// The line of the cursor, up to the cursor.
  [[nodiscard]] std::string line_before_cursor() const;

 private:
  struct Row {
    std::vector<std::string> cells;  // one character per column; the second column of a wide one is empty
    bool goes_on = false;            // the row above, which was full
  };

  [[nodiscard]] std::size_t write_one(std::string_view text);
  [[nodiscard]] std::size_t write_sequence(std::string_view text);
  void control(std::string_view sequence);
  void put(std::string_view character);
  void erase_in_row(std::size_t row, std::size_t begin, std::size_t end);
  Row& row();

  std::size_t columns_;
  std::vector<Row> rows_{1};
  std::size_t row_ = 0, column_ = 0;
  std::string pending_;
};

}  // namespace golden
