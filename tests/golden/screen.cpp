#include "golden/screen.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace golden {
namespace {

std::size_t size_of_character(char first) {
  const auto byte = static_cast<unsigned char>(first);
  return byte < 0xC0 ? 1 : byte < 0xE0 ? 2 : byte < 0xF0 ? 3 : 4;
}

[[noreturn]] void refuse(std::string_view sequence) {
  std::string text;
  for (const char c : sequence)
    text += c < ' ' ? fmt::format("\\x{:02x}", static_cast<unsigned char>(c)) : std::string(1, c);
  throw std::runtime_error("the screen does not know the sequence " + text);
}

std::string joined(const std::vector<std::string>& row, std::size_t end) {
  std::string text;
  for (std::size_t i = 0; i < std::min(end, row.size()); ++i) text += row[i];
  return text;
}

}  // namespace

void Screen::write(std::string_view text) {
  pending_ += text;
  std::size_t at = 0;
  while (at < pending_.size()) {
    const auto size = write_one(std::string_view(pending_).substr(at));
    if (size == 0) break;
    at += size;
  }
  pending_.erase(0, at);
}

/// How much was taken; 0 if more is needed.
std::size_t Screen::write_one(std::string_view text) {
  const char first = text.front();
  if (first == '\x1b') return write_sequence(text);
  if (first == '\n') {
    ++row_;
    row();
  } else if (first == '\r') {
    column_ = 0;
  } else if (first == '\b') {
    column_ -= column_ > 0 ? 1 : 0;
  } else if (first == '\a') {
    return 1;
  } else if (first == '\t') {
    column_ = std::min((column_ / 8 + 1) * 8, columns_ - 1);
  } else if (static_cast<unsigned char>(first) < ' ') {
    refuse(text.substr(0, 1));
  } else {
    const auto size = size_of_character(first);
    if (text.size() < size) return 0;
    put(text.substr(0, size));
    return size;
  }
  return 1;
}

std::size_t Screen::write_sequence(std::string_view text) {
  if (text.size() < 2) return 0;
  if (text[1] != '[') refuse(text.substr(0, 2));
  const auto end = std::find_if(text.begin() + 2, text.end(), [](char c) { return c >= '@' && c <= '~'; });
  if (end == text.end()) return 0;
  const auto size = static_cast<std::size_t>(end - text.begin()) + 1;
  control(text.substr(0, size));
  return size;
}

void Screen::control(std::string_view sequence) {
  const auto parameter = sequence.substr(2, sequence.size() - 3);
  std::size_t number = 0;
  const bool given = std::from_chars(parameter.data(), parameter.data() + parameter.size(), number).ec == std::errc{};
  const auto count = given ? std::max<std::size_t>(number, 1) : 1;
  switch (sequence.back()) {
    case 'm': return;
    case 'A': row_ -= std::min(row_, count); return;
    case 'B': row_ = std::min(row_ + count, rows_.size() - 1); return;
    case 'C': column_ = std::min(column_ + count, columns_ - 1); return;
    case 'D': column_ -= std::min(column_, count); return;
    case 'G': column_ = std::min(count, columns_) - 1; return;
    case 'K':
      if (number > 2) refuse(sequence);
      erase_in_row(row_, number == 0 ? column_ : 0, number == 1 ? column_ + 1 : columns_);
      return;
    case 'J':
      if (number != 0) refuse(sequence);
      erase_in_row(row_, column_, columns_);
      rows_.resize(row_ + 1);
      return;
    case 'h':
    case 'l':
      // Hiding and showing the cursor.
      if (parameter == "?25") return;
      refuse(sequence);
    default: refuse(sequence);
  }
}

Screen::Row& Screen::row() {
  if (rows_.size() <= row_) rows_.resize(row_ + 1);
  return rows_[row_];
}

void Screen::put(std::string_view character) {
  const auto width = migrate::display_width(character);
  if (width == 0) {
    if (column_ > 0 && column_ <= row().cells.size()) row().cells[column_ - 1] += character;
    return;
  }
  // A character in the last column leaves the cursor behind it; only the next one wraps.
  if (column_ + width > columns_) {
    ++row_;
    column_ = 0;
    row().goes_on = true;
  }
  auto& cells = row().cells;
  if (cells.size() < column_ + width) cells.resize(column_ + width, " ");
  cells[column_] = character;
  for (std::size_t i = 1; i < width; ++i) cells[column_ + i].clear();
  column_ += width;
}

void Screen::erase_in_row(std::size_t row, std::size_t begin, std::size_t end) {
  auto& cells = rows_[row].cells;
  for (auto column = begin; column < std::min(end, cells.size()); ++column) cells[column] = " ";
}

std::vector<std::string> Screen::lines() const {
  std::vector<std::string> lines;
  for (const auto& row : rows_) {
    auto text = joined(row.cells, row.cells.size());
    if (row.goes_on && !lines.empty())
      lines.back() += text;
    else
      lines.push_back(std::move(text));
  }
  for (auto& line : lines) line.erase(line.find_last_not_of(' ') + 1);
  while (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

std::string Screen::line_before_cursor() const {
  return row_ < rows_.size() ? joined(rows_[row_].cells, column_) : std::string();
}

}  // namespace golden
