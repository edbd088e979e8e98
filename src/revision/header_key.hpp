/// \file
/// The keys of a header, and words that were probably meant to be one.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <migrate/base/source.hpp>

namespace migrate::revision {

enum class HeaderKey { revision_id, revises, create_date, branch_labels, depends_on, transaction };
constexpr std::size_t header_key_count = 6;

/// As it is written in a file: "Revision ID".
std::string_view name_of(HeaderKey key);

/// A comment line with a colon, cut there.
struct KeyLine {
  ByteRange key;
  ByteRange value;
  std::optional<HeaderKey> known;  ///< without regard to case
  bool looks_like_key = false;     ///< one to three words, then a colon and a blank or the end
};
std::optional<KeyLine> key_line_of(std::string_view text, ByteRange comment);

/// The key that `word` is, or is one letter away from, if blanks, hyphens and case don't count: so that a slip can't
/// turn metadata into prose.
std::optional<HeaderKey> one_slip_from(std::string_view word);

/// The key that may be meant by a word where only keys stand: less strict.
std::optional<std::string> nearest_key(std::string_view word);

}  // namespace migrate::revision
