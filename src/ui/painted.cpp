#include "ui/painted.hpp"

#include <algorithm>

#include <migrate/base/text.hpp>

#include "ui/printable.hpp"

namespace migrate::ui {
namespace {

/// The size of the colour sequence that begins at `at`; 0 if there is none.
std::size_t sequence_size(std::string_view text, std::size_t at) {
  if (!text.substr(at).starts_with("\x1b[")) return 0;
  const auto end = text.find('m', at);
  return end == std::string_view::npos ? 0 : end + 1 - at;
}

/// The text in pieces: colour sequences, and characters between them.
struct Piece {
  std::string_view text;
  bool sequence = false;
};

std::vector<Piece> pieces_of(std::string_view text) {
  std::vector<Piece> pieces;
  for (std::size_t at = 0; at < text.size();) {
    if (const auto size = sequence_size(text, at); size > 0) {
      pieces.push_back({text.substr(at, size), true});
      at += size;
      continue;
    }
    auto end = text.find('\x1b', at + 1);
    end = std::min(end, text.size());
    pieces.push_back({text.substr(at, end - at), false});
    at = end;
  }
  return pieces;
}

/// As many characters of `text` as fit into `columns`.
std::string_view fitting(std::string_view text, std::size_t columns) {
  std::size_t end = 0;
  for (const auto& character : show_characters(text)) {
    if (character.column + character.width > columns) break;
    end = character.end;
  }
  return text.substr(0, end);
}

void wrap_line(std::string_view line, std::size_t columns, std::vector<std::string>& lines) {
  const std::string indentation(std::min(line.find_first_not_of(' '), line.size()), ' ');
  bool broken = false;
  const auto push = [&](std::string_view part) {
    lines.push_back(broken ? indentation : std::string());
    lines.back() += part;
  };
  while (columns > 0 && display_width(line) > columns) {
    const auto fits = fitting(line, columns).size();
    auto blank = line.rfind(' ', fits);
    const auto text_begin = line.find_first_not_of(' ');
    if (blank == std::string_view::npos || blank < text_begin) blank = line.find(' ', text_begin);
    if (blank == std::string_view::npos) break;
    push(line.substr(0, line.find_last_not_of(' ', blank) + 1));
    line.remove_prefix(std::min(line.find_first_not_of(' ', blank), line.size()));
    if (!broken) columns -= std::min(columns - 1, indentation.size());
    broken = true;
    if (line.empty()) return;
  }
  push(line);
}

}  // namespace

std::size_t painted_width(std::string_view text) {
  std::size_t width = 0;
  for (const auto& piece : pieces_of(text)) width += piece.sequence ? 0 : display_width(piece.text);
  return width;
}

std::string cut_painted(std::string_view text, std::size_t columns) {
  if (painted_width(text) <= columns) return std::string(text);
  constexpr std::string_view dots = "...";
  if (columns <= dots.size()) return std::string(dots.substr(0, columns));
  auto room = columns - dots.size();
  std::string result;
  bool painted = false;
  for (const auto& piece : pieces_of(text)) {
    if (piece.sequence) {
      result += piece.text;
      painted = piece.text != "\x1b[0m";
      continue;
    }
    const auto kept = fitting(piece.text, room);
    result += kept;
    room -= display_width(kept);
    if (kept.size() < piece.text.size()) break;
  }
  if (painted) result += "\x1b[0m";
  return result.append(dots);
}

std::vector<std::string> wrap(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  for (auto line : split(text, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    wrap_line(printable(line), columns, lines);
  }
  return lines;
}

Row::Cell& Row::at(std::size_t column) {
  if (cells_.size() <= column) cells_.resize(column + 1);
  return cells_[column];
}

void Row::put(std::size_t column, std::string_view text, Role role) {
  for (const auto& character : show_characters(printable(text))) {
    const auto place = column + character.column;
    if (character.width == 0) {
      if (place > 0) at(place - 1).text += character.shown;
      continue;
    }
    at(place) = Cell{character.shown, role, false};
    for (std::size_t i = 1; i < character.width; ++i) at(place + i) = Cell{{}, role, true};
  }
}

void Row::fill(std::size_t begin, std::size_t end, char character, Role role) {
  for (auto column = begin; column < end; ++column) at(column) = Cell{std::string(1, character), role, false};
}

bool Row::blank(std::size_t begin, std::size_t end) const {
  for (auto column = begin; column < end && column < cells_.size(); ++column) {
    if (!cells_[column].text.empty() || cells_[column].covered) return false;
  }
  return true;
}

std::string Row::str(const Style& style) const {
  auto size = cells_.size();
  while (size > 0 && blank(size - 1, size)) --size;
  std::string line;
  for (std::size_t begin = 0; begin < size;) {
    std::string run;
    auto end = begin;
    for (; end < size && cells_[end].role == cells_[begin].role; ++end) {
      const auto& cell = cells_[end];
      if (!cell.covered) run += cell.text.empty() ? " " : cell.text;
    }
    line += style.paint(cells_[begin].role, run);
    begin = end;
  }
  return line;
}

}  // namespace migrate::ui
