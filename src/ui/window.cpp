#include "ui/window.hpp"

#include <algorithm>

namespace migrate::ui {
namespace {

constexpr std::string_view dots = "...";

}  // namespace

LineWindow::LineWindow(std::string_view line, std::size_t focus_begin, std::size_t focus_end, std::size_t width)
    : characters_(show_characters(line)) {
  if (!characters_.empty()) line_columns_ = characters_.back().column + characters_.back().width;
  choose(unwindowed(focus_begin, focus_end), width);
}

void LineWindow::choose(Columns focus, std::size_t width) {
  window_ = {0, line_columns_};
  if (line_columns_ > width) {
    const auto room = width > 4 * dots.size() ? width - 2 * dots.size() : 2 * dots.size();
    const auto context = room / 4;
    auto begin = focus.begin > context ? focus.begin - context : 0;
    // Where the focus fits but its context pushes its end out, the context gives way.
    if (focus.end > begin + room) begin = std::min(focus.begin, focus.end - std::min(focus.end, room));
    begin = std::min(begin, line_columns_ - std::min(line_columns_, room));
    if (begin <= dots.size()) begin = 0;
    window_ = {begin, std::min(begin + room, line_columns_)};
    if (line_columns_ - window_.end <= dots.size()) window_.end = line_columns_;
  }

  // A wide character that the window would cut is left out, and its column becomes a blank.
  if (window_.begin > 0) text_ = dots;
  text_columns_ = text_.size();
  shift_ = text_.size();
  for (const auto& character : characters_) {
    if (character.column < window_.begin || character.column + character.width > window_.end) continue;
    const auto place = character.column - window_.begin + shift_;
    if (place > text_columns_) text_.append(place - text_columns_, ' ');
    text_ += character.shown;
    text_columns_ = std::max(text_columns_, place + character.width);
  }
  if (window_.end < line_columns_) {
    text_ += dots;
    text_columns_ += dots.size();
  }
}

Columns LineWindow::unwindowed(std::size_t begin, std::size_t end) const {
  Columns columns{line_columns_, line_columns_};
  for (const auto& character : characters_) {
    if (character.end <= begin) continue;
    columns.begin = character.column;
    break;
  }
  columns.end = columns.begin;
  for (const auto& character : characters_) {
    if (character.begin < end && character.end > begin) columns.end = character.column + character.width;
  }
  columns.end = std::max(columns.end, columns.begin + 1);
  return columns;
}

Columns LineWindow::columns_of(std::size_t begin, std::size_t end) const {
  auto columns = unwindowed(begin, end);
  const auto shown = [&](std::size_t column) {
    if (column < window_.begin) return std::size_t{0};
    return column - window_.begin + shift_;
  };
  // One column past the text is a place too: the end of the line.
  const auto limit = text_columns_ + 1;
  columns.begin = std::min(shown(columns.begin), limit - 1);
  columns.end = std::clamp(shown(columns.end), columns.begin + 1, std::max(limit, columns.begin + 1));
  return columns;
}

}  // namespace migrate::ui
