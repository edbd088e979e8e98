#include "ui/printable.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::ui {
namespace {

/// The size of the character that begins at `at`, in bytes; 0 where the bytes are not UTF-8.
std::size_t character_size(std::string_view text, std::size_t at) {
  const auto first = static_cast<unsigned char>(text[at]);
  const std::size_t size = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (size == 1) return 1;
  return text.size() - at >= size && !find_invalid_utf8(text.substr(at, size)) ? size : 0;
}

/// Requires: `character` is one valid UTF-8 character.
char32_t code_point(std::string_view character) {
  char32_t value = static_cast<unsigned char>(character[0]);
  if (character.size() > 1) value &= 0x7FU >> character.size();
  for (const char byte : character.substr(1)) value = (value << 6U) | (static_cast<unsigned char>(byte) & 0x3FU);
  return value;
}

struct Range {
  char32_t first, last;
};

// Directional marks and overrides, line separators and zero-width characters: they let a text look like another one.
// The joiners U+200C and U+200D are left alone, since scripts and emoji are made with them.
constexpr Range misleading[] = {{0x61C, 0x61C},   {0x200B, 0x200B}, {0x200E, 0x200F}, {0x2028, 0x202E},
                                {0x2060, 0x206F}, {0xFEFF, 0xFEFF}, {0xFFF9, 0xFFFB}, {0xE0000, 0xE007F}};

bool is_harmful(char32_t character) {
  if (character < 0x20 || (character >= 0x7F && character < 0xA0)) return true;
  return std::any_of(std::begin(misleading), std::end(misleading),
                     [&](const Range& range) { return character >= range.first && character <= range.last; });
}

/// As it may be sent to a terminal.
std::string shown(std::string_view character) {
  const auto value = code_point(character);
  if (!is_harmful(value)) return std::string(character);
  return value < 0x80 ? fmt::format("\\x{:02x}", static_cast<unsigned>(value))
                      : fmt::format("\\u{:04x}", static_cast<unsigned>(value));
}

}  // namespace

std::vector<ShownCharacter> show_characters(std::string_view line) {
  constexpr std::size_t tab_stop = 4;
  std::vector<ShownCharacter> characters;
  characters.reserve(line.size());
  std::size_t column = 0;
  for (std::size_t at = 0; at < line.size();) {
    const auto size = character_size(line, at);
    ShownCharacter next{.begin = at, .end = at + std::max<std::size_t>(size, 1), .column = column};
    if (line[at] == '\t') {
      next.width = tab_stop - column % tab_stop;
      next.shown = std::string(next.width, ' ');
    } else if (size == 0) {
      next.shown = fmt::format("\\x{:02x}", static_cast<unsigned char>(line[at]));
      next.width = next.shown.size();
    } else {
      next.shown = shown(line.substr(at, size));
      next.width = display_width(next.shown);
    }
    at = next.end;
    column += next.width;
    characters.push_back(std::move(next));
  }
  return characters;
}

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const auto size = character_size(text, at);
    if (text.substr(at).starts_with("\r\n")) {
      result += ' ';
      at += 2;
      continue;
    }
    if (text[at] == '\n' || text[at] == '\t')
      result += ' ';
    else if (size == 0)
      result += fmt::format("\\x{:02x}", static_cast<unsigned char>(text[at]));
    else
      result += shown(text.substr(at, size));
    at += std::max<std::size_t>(size, 1);
  }
  return result;
}

}  // namespace migrate::ui
