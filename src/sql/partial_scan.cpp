#include "sql/partial_scan.hpp"

#include <algorithm>

#include "sql/pg_query.hpp"

namespace migrate::sql {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_identifier_start(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || static_cast<unsigned char>(c) >= 0x80;
}

bool is_identifier_part(char c) { return is_identifier_start(c) || is_digit(c) || c == '$'; }

char at(std::string_view text, std::size_t index) { return index < text.size() ? text[index] : '\0'; }

// The end of digits with single underscores between them; `begin` where there is no digit.
template <class IsDigit>
std::size_t digits_end(std::string_view text, std::size_t begin, IsDigit is_one) {
  if (!is_one(at(text, begin))) return begin;
  std::size_t end = begin + 1;
  for (;;) {
    if (is_one(at(text, end))) {
      ++end;
    } else if (at(text, end) == '_' && is_one(at(text, end + 1))) {
      end += 2;
    } else {
      return end;
    }
  }
}

std::size_t based_integer_end(std::string_view text, std::size_t begin) {
  if (at(text, begin) != '0') return begin;
  const auto is_one_of = [](std::string_view digits) {
    return [digits](char c) { return c != '\0' && digits.find(c) != std::string_view::npos; };
  };
  const std::size_t first = begin + (at(text, begin + 2) == '_' ? 3 : 2);
  std::size_t end = first;
  switch (at(text, begin + 1)) {
    case 'x':
    case 'X': end = digits_end(text, first, is_one_of("0123456789abcdefABCDEF")); break;
    case 'o':
    case 'O': end = digits_end(text, first, is_one_of("01234567")); break;
    case 'b':
    case 'B': end = digits_end(text, first, is_one_of("01")); break;
    default: break;
  }
  return end == first ? begin : end;
}

std::size_t decimal_end(std::string_view text, std::size_t begin) {
  std::size_t end = digits_end(text, begin, is_digit);
  if (at(text, end) == '.' && at(text, end + 1) != '.') end = digits_end(text, end + 1, is_digit);
  if (at(text, end) == 'e' || at(text, end) == 'E') {
    const std::size_t sign = at(text, end + 1) == '+' || at(text, end + 1) == '-' ? 1 : 0;
    const std::size_t exponent = digits_end(text, end + 1 + sign, is_digit);
    if (exponent > end + 1 + sign) end = exponent;
  }
  return end;
}

std::size_t with_identifier(std::string_view text, std::size_t end) {
  if (!is_identifier_start(at(text, end))) return end;
  while (is_identifier_part(at(text, end))) ++end;
  return end;
}

// A number as PostgreSQL 16 and later read it, with letters that follow at once, which no version takes.
std::size_t number_end(std::string_view text, std::size_t begin) {
  const std::size_t integer = with_identifier(text, digits_end(text, begin, is_digit));
  const std::size_t based = with_identifier(text, based_integer_end(text, begin));
  const std::size_t decimal = with_identifier(text, decimal_end(text, begin));
  return std::max({integer, based, decimal});
}

bool is_number_start(std::string_view text, std::size_t offset) {
  return is_digit(at(text, offset)) || (at(text, offset) == '.' && is_digit(at(text, offset + 1)));
}

// The same text with plain digits in place of numbers that an older scanner refuses (1_000, 0xff), so that every
// version gives the same tokens. What looks like one inside a literal may change too: that moves no token's end.
std::string with_plain_numbers(std::string_view text) {
  std::string plain(text);
  for (std::size_t i = 0; i < text.size();) {
    if (is_identifier_part(text[i]) && !is_digit(text[i])) {
      while (is_identifier_part(at(text, i))) ++i;
    } else if (text[i] == '\\') {
      // An escape: digits of its own would make a wrong one right.
      for (i += 2; is_identifier_part(at(text, i));) ++i;
    } else if (is_number_start(text, i)) {
      const std::size_t end = number_end(text, i);
      const bool is_plain = text.substr(i, end - i).find_first_not_of("0123456789.") == std::string_view::npos;
      // The point stays: without it the digits would belong to the word before.
      const std::size_t first = i + (text[i] == '.' ? 1U : 0U);
      if (!is_plain) std::fill_n(plain.begin() + static_cast<std::ptrdiff_t>(first), end - first, '1');
      i = end;
    } else {
      ++i;
    }
  }
  return plain;
}

// Where a complaint without a place belongs: the literal is complete in the shortest text that gets the complaint.
std::size_t find_unplaced(std::string_view text) {
  std::size_t without = 0;
  std::size_t with = text.size();
  while (with - without > 1) {
    const std::size_t middle = without + (with - without) / 2;
    const auto scan = scan_all(text.substr(0, middle));
    (scan || scan.error().at ? without : with) = middle;
  }
  const auto scan = scan_all(text.substr(0, without));
  return !scan && scan.error().at ? scan.error().at->value : without;
}

PartialScan scan_to_error(std::string_view text) {
  PartialScan result;
  auto scan = scan_all(text);
  if (scan) {
    result.tokens = *std::move(scan);
    return result;
  }
  const Complaint& complaint = scan.error();
  const std::size_t place = complaint.at ? complaint.at->value : find_unplaced(text);
  result.error = SyntaxError{complaint.message, ByteOffset{place}};
  result.error_token = place;
  // An error inside a literal is placed inside it: the text before is then refused once more, at the literal's start.
  while (result.error_token > 0) {
    auto before = scan_all(text.substr(0, result.error_token));
    if (before) {
      result.tokens = *std::move(before);
      break;
    }
    const std::size_t earlier = before.error().at ? before.error().at->value : 0;
    result.error_token = earlier < result.error_token ? earlier : 0;
  }
  return result;
}

PartialScan scan_without_nul(std::string_view text) {
  PartialScan result = scan_to_error(text);
  if (!result.error || !is_number_start(text, result.error_token)) return result;
  return scan_to_error(with_plain_numbers(text));
}

}  // namespace

PartialScan scan_partially(std::string_view text) {
  const std::size_t nul = text.find('\0');
  if (nul == std::string_view::npos) return scan_without_nul(text);
  PartialScan result = scan_without_nul(text.substr(0, nul));
  if (!result.error) {
    result.error = SyntaxError{"invalid byte sequence for encoding \"UTF8\": 0x00", ByteOffset{nul}};
    result.error_token = nul;
  }
  return result;
}

bool is_unterminated(const SyntaxError& error) { return error.message.starts_with("unterminated"); }

}  // namespace migrate::sql
