/// \file
/// A DAG drawn with characters, newest first, as `history` shows it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <migrate/ui/style.hpp>

namespace migrate::ui {

struct GraphRow {
  std::uint32_t node = 0;
  std::vector<std::uint32_t> parents;  ///< rows further down; one that is not among the rows ends in "~"
  std::string glyph;                   ///< "o", "*", "@", "x", one column wide; may be painted
  std::vector<std::string> lines;      ///< the text beside the node: first line beside the glyph, others below
};

/// Rows in the order in which they are to be shown: children before parents. ASCII, or box drawing characters where
/// the style says unicode. Columns of a lane are reused once it ends. The text starts after the widest lane of its row.
///
/// "|" leads down to a parent. "\" and "/" lead to a lane beside. "+-|-.", "+-|-'" lead over others: the line passes
/// "|" by, ends or begins lanes at the corners "'" and ".", and joins them at "+". A lane without anything below it
/// ends in its node.
/// Requires: each node once. Cost: linear in rows times lanes.
std::string draw_graph(std::span<const GraphRow> rows, const Style& style);

/// The column, from 0, in which draw_graph() begins the text of each row: for whoever aligns what is in them.
std::vector<std::size_t> graph_text_columns(std::span<const GraphRow> rows);

}  // namespace migrate::ui
