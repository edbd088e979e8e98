#include "ui/table.hpp"

#include <algorithm>
#include <numeric>

#include <migrate/base/text.hpp>

#include "ui/painted.hpp"
#include "ui/printable.hpp"

namespace migrate::ui {
namespace {

/// Narrower than this a column tells nothing any more.
constexpr std::size_t least_width = 8;

using Texts = std::vector<std::vector<std::string>>;

Texts printable_texts(std::span<const TableRow> rows) {
  Texts texts;
  texts.reserve(rows.size());
  for (const auto& row : rows) {
    auto& line = texts.emplace_back();
    for (const auto& cell : row.cells) line.push_back(printable(cell.text));
  }
  return texts;
}

TableColumn column_at(const TableLayout& layout, std::size_t index) {
  return index < layout.columns.size() ? layout.columns[index] : TableColumn{};
}

std::vector<std::size_t> natural_widths(std::span<const TableRow> rows, const Texts& texts) {
  std::vector<std::size_t> widths;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    widths.resize(std::max(widths.size(), texts[row].size()));
    for (std::size_t i = 0; i < texts[row].size(); ++i) {
      const auto taken = i == 0 ? rows[row].taken : 0;
      widths[i] = std::max(widths[i], taken + display_width(texts[row][i]));
    }
  }
  return widths;
}

std::size_t total_width(const std::vector<std::size_t>& widths, const TableLayout& layout) {
  auto total = layout.indent;
  bool first = true;
  for (const auto width : widths) {
    if (width == 0) continue;
    total += width + (first ? 0 : layout.gap);
    first = false;
  }
  return total;
}

/// Takes from the widest column that may shrink until the line fits or none can give more.
void shrink(std::vector<std::size_t>& widths, const TableLayout& layout, std::size_t limit) {
  auto total = total_width(widths, layout);
  while (total > limit) {
    std::size_t widest = widths.size();
    for (std::size_t i = 0; i < widths.size(); ++i) {
      if (column_at(layout, i).shrinks && widths[i] > least_width &&
          (widest == widths.size() || widths[i] > widths[widest]))
        widest = i;
    }
    if (widest == widths.size()) return;
    --widths[widest];
    --total;
  }
}

}  // namespace

std::vector<std::string> align_rows(std::span<const TableRow> rows, const TableLayout& layout, const Style& style) {
  const auto texts = printable_texts(rows);
  auto widths = natural_widths(rows, texts);
  if (style.live) shrink(widths, layout, style.width);

  std::vector<std::string> lines;
  lines.reserve(rows.size());
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const auto& [cells, taken] = rows[row];
    std::string line;
    auto blanks = layout.indent;  // owed before the next text, so that none stand at the end
    bool first = true;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      if (widths[i] == 0) continue;
      if (!first) blanks += layout.gap;
      first = false;
      const auto width = widths[i] - std::min(widths[i], i == 0 ? taken : 0);
      const auto text = style.live && column_at(layout, i).shrinks ? ellipsize(texts[row][i], width) : texts[row][i];
      const auto rest = width - std::min(width, display_width(text));
      const bool right = column_at(layout, i).right;
      if (!text.empty()) {
        line.append(blanks + (right ? rest : 0), ' ').append(style.paint(cells[i].role, text));
        blanks = right ? 0 : rest;
      } else {
        blanks += width;
      }
    }
    const auto room = style.width - std::min(style.width, taken);
    lines.push_back(style.live ? cut_painted(line, room) : std::move(line));
  }
  return lines;
}

std::string render_table(std::span<const TableRow> rows, const TableLayout& layout, const Style& style) {
  std::string text;
  for (const auto& line : align_rows(rows, layout, style)) text.append(line).append("\n");
  return text;
}

}  // namespace migrate::ui
