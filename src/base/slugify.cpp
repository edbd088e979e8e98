#include <migrate/base/text.hpp>

#include <array>

#include "base/utf8.hpp"

namespace migrate {
namespace {

constexpr char32_t first_latin_letter = 0xC0;
// The letters U+00C0 to U+017F without their marks, in lower case.
constexpr std::array<std::string_view, 192> latin_letters = {
    "a", "a", "a",  "a", "a", "a", "ae", "c",  "e", "e", "e",  "e",  "i", "i", "i",  "i",  "d", "n", "o",  "o",
    "o", "o", "o",  " ", "o", "u", "u",  "u",  "u", "y", "th", "ss", "a", "a", "a",  "a",  "a", "a", "ae", "c",
    "e", "e", "e",  "e", "i", "i", "i",  "i",  "d", "n", "o",  "o",  "o", "o", "o",  " ",  "o", "u", "u",  "u",
    "u", "y", "th", "y", "a", "a", "a",  "a",  "a", "a", "c",  "c",  "c", "c", "c",  "c",  "c", "c", "d",  "d",
    "d", "d", "e",  "e", "e", "e", "e",  "e",  "e", "e", "e",  "e",  "g", "g", "g",  "g",  "g", "g", "g",  "g",
    "h", "h", "h",  "h", "i", "i", "i",  "i",  "i", "i", "i",  "i",  "i", "i", "ij", "ij", "j", "j", "k",  "k",
    "k", "l", "l",  "l", "l", "l", "l",  "l",  "l", "l", "l",  "n",  "n", "n", "n",  "n",  "n", "n", "ng", "ng",
    "o", "o", "o",  "o", "o", "o", "oe", "oe", "r", "r", "r",  "r",  "r", "r", "s",  "s",  "s", "s", "s",  "s",
    "s", "s", "t",  "t", "t", "t", "t",  "t",  "u", "u", "u",  "u",  "u", "u", "u",  "u",  "u", "u", "u",  "u",
    "w", "w", "y",  "y", "y", "z", "z",  "z",  "z", "z", "z",  "s",
};

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

/// What stands for the character in a slug; a blank where a word ends.
std::string_view slug_of(char32_t character, std::string_view lower_bytes) {
  if (character < 0x80) {
    if (is_letter_or_digit(lower_bytes.front())) return lower_bytes;
    return character == '\'' || character == '`' ? "" : " ";
  }
  const auto index = static_cast<std::size_t>(character) - first_latin_letter;
  if (character >= first_latin_letter && index < latin_letters.size()) return latin_letters[index];
  // U+00A0 to U+00BF and U+2000 to U+206F are blanks, dashes and other punctuation; U+2019 is an apostrophe.
  const bool punctuation = character < first_latin_letter || (character >= 0x2000 && character <= 0x206F);
  return punctuation && character != 0x2019 ? " " : "";
}

}  // namespace

std::string slugify(std::string_view message, std::size_t max_length) {
  const auto text = to_lower_ascii(message);
  std::string words;
  for (std::size_t at = 0; at < text.size();) {
    const auto character = utf8_character(text, at);
    words += slug_of(character.value, std::string_view(text).substr(at, character.size));
    at += character.size;
  }
  std::string slug;
  for (const auto word : split_list(words)) {
    const auto length = slug.size() + (slug.empty() ? 0 : 1) + word.size();
    if (length > max_length) {
      if (slug.empty()) slug = word.substr(0, max_length);
      break;
    }
    if (!slug.empty()) slug += '_';
    slug += word;
  }
  return slug;
}

}  // namespace migrate
