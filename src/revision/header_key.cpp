#include "revision/header_key.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <migrate/base/text.hpp>

#include "revision/text_scan.hpp"

namespace migrate::revision {
namespace {

constexpr std::array<std::string_view, header_key_count> names = {"Revision ID",   "Revises",    "Create Date",
                                                                  "Branch Labels", "Depends On", "Transaction"};
// The names as one_slip_from compares them. "Depends" alone is how Debian's control files say it.
struct Compact {
  std::string_view text;
  HeaderKey key;
};
constexpr std::array<Compact, 7> compact_names = {{{"revisionid", HeaderKey::revision_id},
                                                   {"revises", HeaderKey::revises},
                                                   {"createdate", HeaderKey::create_date},
                                                   {"branchlabels", HeaderKey::branch_labels},
                                                   {"dependson", HeaderKey::depends_on},
                                                   {"depends", HeaderKey::depends_on},
                                                   {"transaction", HeaderKey::transaction}}};
constexpr std::size_t longest_key = 24;

std::optional<HeaderKey> key_named(std::string_view word) {
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (equals_ignoring_case(names[i], word)) return static_cast<HeaderKey>(i);
  }
  return std::nullopt;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_key_character(char c) { return is_letter(c) || (c >= '0' && c <= '9') || c == ' ' || c == '-' || c == '_'; }

bool is_key_shaped(std::string_view word) {
  constexpr std::ptrdiff_t most_blanks = 2;
  return !word.empty() && word.size() <= longest_key && is_letter(word.front()) &&
         std::all_of(word.begin(), word.end(), is_key_character) &&
         std::count(word.begin(), word.end(), ' ') <= most_blanks;
}

/// Equal, or one letter more, less or other, or two neighbours swapped.
bool is_at_most_one_slip(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  const auto [at_a, at_b] = std::mismatch(a.begin(), a.end(), b.begin());
  const std::string_view rest_a = a.substr(static_cast<std::size_t>(at_a - a.begin()));
  const std::string_view rest_b = b.substr(static_cast<std::size_t>(at_b - b.begin()));
  if (a.size() < b.size()) return rest_a == rest_b.substr(1);
  if (rest_a.empty()) return true;
  if (rest_a.substr(1) == rest_b.substr(1)) return true;
  return rest_a.size() > 1 && rest_a[0] == rest_b[1] && rest_a[1] == rest_b[0] && rest_a.substr(2) == rest_b.substr(2);
}

}  // namespace

std::string_view name_of(HeaderKey key) { return names[static_cast<std::size_t>(key)]; }

std::optional<KeyLine> key_line_of(std::string_view text, ByteRange comment) {
  const auto content = comment.of(text);
  const auto colon = content.substr(0, longest_key + 1).find(':');
  if (colon == std::string_view::npos) return std::nullopt;
  KeyLine line;
  line.key = trimmed(text, {comment.begin, comment.begin + colon});
  line.value = trimmed(text, {comment.begin + colon + 1, comment.end});
  line.known = key_named(line.key.of(text));
  const bool blank_follows = line.value.empty() || line.value.begin > comment.begin + colon + 1;
  line.looks_like_key = blank_follows && is_key_shaped(line.key.of(text));
  return line;
}

std::optional<HeaderKey> one_slip_from(std::string_view word) {
  if (word.size() > longest_key) return std::nullopt;
  std::array<char, longest_key> buffer{};
  std::size_t size = 0;
  for (const char c : word) {
    if (c == ' ' || c == '-' || c == '_') continue;
    buffer[size++] = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  const std::string_view compact(buffer.data(), size);
  for (const auto& name : compact_names) {
    if (is_at_most_one_slip(name.text, compact)) return name.key;
  }
  return std::nullopt;
}

std::optional<std::string> nearest_key(std::string_view word) {
  if (const auto key = one_slip_from(word)) return std::string(name_of(*key));
  static const std::vector<std::string> candidates(names.begin(), names.end());
  return nearest(word, candidates);
}

}  // namespace migrate::revision
