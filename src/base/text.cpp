#include <migrate/base/text.hpp>

#include <algorithm>

#include <fmt/format.h>

#include "base/character_width.hpp"
#include "base/utf8.hpp"

namespace migrate {
namespace {

constexpr std::string_view white_space = " \t\n\r\f\v";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string doubled(std::string_view text, std::string_view characters) {
  std::string result;
  result.reserve(text.size() + 2);
  for (const char c : text) {
    if (characters.find(c) != std::string_view::npos) result += c;
    result += c;
  }
  return result;
}

}  // namespace

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(white_space);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(white_space) - begin + 1);
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::vector<std::string_view> split_list(std::string_view text) {
  constexpr std::string_view separators = ", \t\n\r\f\v";
  std::vector<std::string_view> parts;
  for (;;) {
    const auto begin = text.find_first_not_of(separators);
    if (begin == std::string_view::npos) return parts;
    text.remove_prefix(begin);
    const auto end = std::min(text.find_first_of(separators), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

std::string to_lower_ascii(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), lower);
  return result;
}

bool equals_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<std::size_t> find_invalid_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto character = utf8_character(text, at);
    if (!character.valid || character.value == 0) return at;
    at += character.size;
  }
  return std::nullopt;
}

std::size_t display_width(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = utf8_character(text, at);
    columns += character_width(character.value);
    at += character.size;
  }
  return columns;
}

std::string ellipsize(std::string_view text, std::size_t columns) {
  if (display_width(text) <= columns) return std::string(text);
  constexpr std::string_view dots = "...";
  if (columns <= dots.size()) return std::string(dots.substr(0, columns));
  const auto room = columns - dots.size();
  std::size_t width = 0;
  std::size_t at = 0;
  while (at < text.size()) {
    const auto character = utf8_character(text, at);
    width += character_width(character.value);
    if (width > room) break;
    at += character.size;
  }
  return std::string(text.substr(0, at)).append(dots);
}

std::string plural(std::size_t count, std::string_view singular) {
  if (count == 1) return fmt::format("1 {}", singular);
  const auto ends_in = [&](std::string_view end) { return singular.ends_with(end); };
  if (ends_in("s") || ends_in("x") || ends_in("ch") || ends_in("sh")) return fmt::format("{} {}es", count, singular);
  const bool vowel_before_y = ends_in("ay") || ends_in("ey") || ends_in("oy") || ends_in("uy");
  if (ends_in("y") && !vowel_before_y) return fmt::format("{} {}ies", count, singular.substr(0, singular.size() - 1));
  return fmt::format("{} {}s", count, singular);
}

std::string join_with_and(std::span<const std::string> items) {
  std::string text;
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0) text += i + 1 == items.size() ? " and " : ", ";
    text += items[i];
  }
  return text;
}

std::string quote_literal(std::string_view text) {
  const bool escapes = text.find('\\') != std::string_view::npos;
  return fmt::format("{}'{}'", escapes ? "E" : "", doubled(text, escapes ? "'\\" : "'"));
}

std::string quote_identifier(std::string_view name) { return fmt::format("\"{}\"", doubled(name, "\"")); }

}  // namespace migrate
