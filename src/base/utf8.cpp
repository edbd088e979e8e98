#include "base/utf8.hpp"

namespace migrate {
namespace {

struct Form {
  std::size_t size;
  char32_t bits;   // of the first byte
  char32_t least;  // the least value that needs this form
};

constexpr Form form_of(unsigned char first) {
  if (first < 0x80) return {1, first, 0};
  if (first < 0xC0) return {0, 0, 0};
  if (first < 0xE0) return {2, first & 0x1FU, 0x80};
  if (first < 0xF0) return {3, first & 0x0FU, 0x800};
  if (first < 0xF8) return {4, first & 0x07U, 0x10000};
  return {0, 0, 0};
}

}  // namespace

Utf8Character utf8_character(std::string_view text, std::size_t at) {
  constexpr Utf8Character invalid{0xFFFD, 1, false};
  const auto form = form_of(static_cast<unsigned char>(text[at]));
  if (form.size == 0 || text.size() - at < form.size) return invalid;
  auto value = form.bits;
  for (std::size_t i = 1; i < form.size; ++i) {
    const auto byte = static_cast<unsigned char>(text[at + i]);
    if ((byte & 0xC0U) != 0x80U) return invalid;
    value = (value << 6U) | (byte & 0x3FU);
  }
  const bool surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < form.least || surrogate || value > 0x10FFFF) return invalid;
  return {value, form.size, true};
}

}  // namespace migrate
