/// \file
/// Columns that stand below each other.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <migrate/ui/style.hpp>

namespace migrate::ui {

/// A text as it is, made printable when it is shown.
struct Cell {
  std::string text;
  Role role = Role::plain;
};

struct TableRow {
  std::vector<Cell> cells;
  /// Columns in front of the first cell that somebody else fills (a graph): the first cell is as much narrower.
  std::size_t taken = 0;
};

struct TableColumn {
  bool right = false;    ///< aligned to the right
  bool shrinks = false;  ///< may be cut on a terminal that is too narrow
};

struct TableLayout {
  std::vector<TableColumn> columns;  ///< those not named are aligned to the left and keep their width
  std::size_t indent = 0;
  std::size_t gap = 2;  ///< blanks between columns
};

/// One line for each row, without a line end and without blanks at its end. A column that is empty in every row takes
/// no place. Only where the style is live, columns that may shrink are cut (with "...") to what fits into its width,
/// and then whole lines; in a pipe nothing is ever cut.
std::vector<std::string> align_rows(std::span<const TableRow> rows, const TableLayout& layout, const Style& style);

/// The lines of align_rows(), each with a line end.
std::string render_table(std::span<const TableRow> rows, const TableLayout& layout, const Style& style);

}  // namespace migrate::ui
