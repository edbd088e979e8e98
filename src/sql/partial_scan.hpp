// The scanner for texts that it refuses somewhere: what stands before that place is still known.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include <migrate/sql/scan.hpp>

namespace migrate::sql {

// Tokens up to the first error, or all of them. The scanner goes from left to right: tokens before an error, or before
// a place where the text was cut off, are those of any longer text; only one that touches the cut may not be.
struct PartialScan {
  std::vector<Token> tokens;
  std::optional<SyntaxError> error;
  std::size_t error_token = 0;  // where the token that holds the error begins
};

PartialScan scan_partially(std::string_view text);

// Is this the error of a literal or comment that is still open where the text ends?
bool is_unterminated(const SyntaxError& error);

}  // namespace migrate::sql
