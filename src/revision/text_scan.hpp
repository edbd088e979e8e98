/// \file
/// Lines and comments of a revision file, found without the SQL scanner: the header holds nothing else.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include <migrate/base/source.hpp>

namespace migrate::revision {

/// A line without its end ("\n" or "\r\n"), and where the next one begins.
struct Line {
  ByteRange range;
  std::size_t next = 0;
};
/// Requires: begin < text.size().
Line line_at(std::string_view text, std::size_t begin);

/// `range` without the blanks at both ends.
ByteRange trimmed(std::string_view text, ByteRange range);

/// What follows "--" on a line that is only a comment, trimmed.
std::optional<ByteRange> comment_content(std::string_view text, ByteRange line);

/// The end of the (nested) block comment that begins at `at`; none if it does not end.
std::optional<std::size_t> block_comment_end(std::string_view text, std::size_t at);

/// The first byte of `range` that is neither blank nor comment nor semicolon: the first statement.
std::optional<std::size_t> first_statement(std::string_view text, ByteRange range);

/// True if `offset` is certainly outside literals, quoted names and comments: there is nothing before it but plain
/// '...', "..." and -- comments, all ended, and no COPY data can be around it. Where it is false the SQL scanner knows.
/// Cost: a pass over the text before `offset`; the scanner takes twenty times as long.
bool is_plainly_outside(std::string_view text, std::size_t offset);

/// The next word of `range` (up to a blank), or an empty range at its end.
ByteRange first_word(std::string_view text, ByteRange range);

}  // namespace migrate::revision
