/// \file
/// PostgreSQL's own scanner, as libpg_query carries it.
#pragma once

#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/base/source.hpp>

namespace migrate::sql {

/// The scanner's or parser's complaint about a text that it was given.
struct SyntaxError {
  std::string message;  ///< PostgreSQL's own words, like `syntax error at or near "TABEL"`
  ByteOffset at;        ///< in the text that was given
  bool operator==(const SyntaxError&) const = default;
};

enum class TokenKind { word, quoted_identifier, string, number, parameter, punctuation, comment };

struct Token {
  TokenKind kind;
  ByteRange range;  ///< in the text that was given
};

/// All tokens with the comments, in order. Numbers of newer servers (1_000, 0xff) are numbers whatever the scanner
/// says. Errors: an unterminated literal or comment, a broken escape. Requires: valid UTF-8 without NUL.
Result<std::vector<Token>, SyntaxError> scan(std::string_view text);

/// True if `offset` lies between tokens of `text`: not inside a literal, a quoted name, a comment block or COPY data.
/// Cost: one search for quotes in most texts; the scanner only where there are some.
bool is_between_tokens(std::string_view text, ByteOffset offset);

}  // namespace migrate::sql
