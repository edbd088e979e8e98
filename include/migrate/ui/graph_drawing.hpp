/// \file
/// A DAG drawn with characters, newest first, as `history` shows it.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <migrate/ui/style.hpp>

namespace migrate::ui {

struct GraphRow {
  std::uint32_t node = 0;
  std::vector<std::uint32_t> parents;      ///< rows further down; one that is not among the rows ends in "~"
  std::string glyph;                       ///< "o", "*", "@", "x", one column wide
  std::vector<std::string> lines;          ///< the text beside the node: first line beside the glyph, others below
};

/// Rows in the order in which they are to be shown: children before parents. ASCII, or box drawing characters where
/// the style says unicode. Columns of a lane are reused once it ends. The text starts after the widest lane of its row.
std::string draw_graph(std::span<const GraphRow> rows, const Style& style);

}  // namespace migrate::ui
