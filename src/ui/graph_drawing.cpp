#include <migrate/ui/graph_drawing.hpp>

#include <algorithm>

#include "ui/graph_lanes.hpp"

namespace migrate::ui {
namespace {

constexpr std::size_t gap_before_text = 2;

/// The characters by the sides that a line goes to.
struct Pen {
  std::string_view vertical, horizontal;
  bool corners_by_side;  // false: one corner for all that go up, one for all that go down
  bool diagonals;
};

constexpr Pen ascii_pen{"|", "-", false, true};
constexpr Pen unicode_pen{"│", "─", true, false};

struct Sides {
  bool up, down, left, right;
};

std::string_view corner(const Pen& pen, Sides sides) {
  if (!pen.corners_by_side) return sides.up && sides.down ? "+" : sides.up ? "'" : ".";
  if (sides.up && sides.down) return sides.left && sides.right ? "┼" : sides.left ? "┤" : "├";
  if (sides.up) return sides.left && sides.right ? "┴" : sides.left ? "╯" : "╰";
  return sides.left && sides.right ? "┬" : sides.left ? "╮" : "╭";
}

/// One line of a picture. Lane n is in cell 2n.
using Cells = std::vector<std::string_view>;

Cells lane_cells(const std::vector<LaneState>& lanes, std::size_t lane_count, const Pen& pen, bool end_missing) {
  Cells cells(2 * lane_count - 1, " ");
  for (std::size_t lane = 0; lane < lanes.size(); ++lane) {
    if (lanes[lane] == LaneState::empty) continue;
    cells[2 * lane] = end_missing && lanes[lane] == LaneState::missing ? "~" : pen.vertical;
  }
  return cells;
}

bool only_neighbours(const LaneLink& link) {
  return std::all_of(link.exits.begin(), link.exits.end(), [&](const LaneLink::Exit& exit) {
    return exit.lane + 1 == link.source || link.source + 1 == exit.lane;
  });
}

void draw_diagonals(const LaneLink& link, Cells& cells) {
  for (const auto& exit : link.exits) {
    if (!exit.joins) cells[2 * exit.lane] = " ";
    if (exit.lane < link.source)
      cells[2 * link.source - 1] = "/";
    else
      cells[2 * link.source + 1] = "\\";
  }
}

void draw_bar(const LaneLink& link, const Pen& pen, Cells& cells) {
  auto left = link.source;
  auto right = link.source;
  for (const auto& exit : link.exits) {
    left = std::min(left, exit.lane);
    right = std::max(right, exit.lane);
  }
  for (auto cell = 2 * left + 1; cell < 2 * right; ++cell) {
    // A lane that has nothing to do with the link is passed by.
    if (cells[cell] == " ") cells[cell] = pen.horizontal;
  }
  const auto set = [&](std::size_t lane, bool up, bool down) {
    cells[2 * lane] = corner(pen, {.up = up, .down = down, .left = lane > left, .right = lane < right});
  };
  set(link.source, true, link.source_continues);
  for (const auto& exit : link.exits) set(exit.lane, exit.joins, true);
}

Cells link_cells(const LaneRow& row, const Pen& pen) {
  auto cells = lane_cells(row.below, row.lane_count, pen, false);
  if (pen.diagonals && only_neighbours(*row.link))
    draw_diagonals(*row.link, cells);
  else
    draw_bar(*row.link, pen, cells);
  return cells;
}

class Drawing {
 public:
  Drawing(std::span<const GraphRow> rows, const Pen& pen) : rows_(rows), pen_(pen), lanes_(rows) {}

  std::string draw() {
    for (std::size_t i = 0; i < rows_.size(); ++i) draw_row(rows_[i], lanes_.place(i));
    return std::move(text_);
  }

 private:
  void draw_row(const GraphRow& row, const LaneRow& placed) {
    if (placed.gap_before) write(lane_cells(placed.above, placed.lane_count, pen_, false), {}, 0);
    std::size_t next_line = 0;
    const auto write_next = [&](const Cells& cells) {
      const auto line = next_line < row.lines.size() ? std::string_view(row.lines[next_line]) : std::string_view();
      ++next_line;
      write(cells, line, 2 * placed.lane_count - 1 + gap_before_text);
    };

    auto cells = lane_cells(placed.above, placed.lane_count, pen_, false);
    cells[2 * placed.lane] = row.glyph;
    write_next(cells);
    if (placed.link) write_next(link_cells(placed, pen_));
    auto after = placed.below;
    if (std::find(after.begin(), after.end(), LaneState::missing) != after.end()) {
      write_next(lane_cells(after, placed.lane_count, pen_, true));
      std::replace(after.begin(), after.end(), LaneState::missing, LaneState::empty);
    }
    while (next_line < row.lines.size()) write_next(lane_cells(after, placed.lane_count, pen_, false));
  }

  void write(const Cells& cells, std::string_view text, std::size_t text_column) {
    auto size = cells.size();
    while (text.empty() && size > 0 && cells[size - 1] == " ") --size;
    for (std::size_t i = 0; i < size; ++i) text_ += cells[i];
    if (!text.empty()) text_.append(text_column - cells.size(), ' ').append(text);
    text_ += '\n';
  }

  std::span<const GraphRow> rows_;
  const Pen& pen_;
  LaneAllocator lanes_;
  std::string text_;
};

}  // namespace

std::string draw_graph(std::span<const GraphRow> rows, const Style& style) {
  return Drawing(rows, style.unicode ? unicode_pen : ascii_pen).draw();
}

std::vector<std::size_t> graph_text_columns(std::span<const GraphRow> rows) {
  LaneAllocator lanes(rows);
  std::vector<std::size_t> columns;
  columns.reserve(rows.size());
  for (std::size_t i = 0; i < rows.size(); ++i) columns.push_back(2 * lanes.place(i).lane_count - 1 + gap_before_text);
  return columns;
}

}  // namespace migrate::ui
