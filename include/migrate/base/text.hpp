/// \file
/// Small pure helpers on text.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace migrate {

std::string_view trim(std::string_view text);
std::vector<std::string_view> split(std::string_view text, char separator);
/// Split at commas or white space, empty parts left out: "a, b" and "a b" give the same.
std::vector<std::string_view> split_list(std::string_view text);
std::string to_lower_ascii(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);

/// The byte of the first sequence that is not UTF-8 (or is a NUL), if there is one.
std::optional<std::size_t> find_invalid_utf8(std::string_view text);

/// Columns that the text takes on a terminal: wide characters count two, combining ones none.
std::size_t display_width(std::string_view text);
/// Cut to at most `columns`, with "..." at the end where something was cut.
std::string ellipsize(std::string_view text, std::size_t columns);

/// The candidate nearest to `word` by edit distance, if one is near enough to be meant.
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

/// "1 revision", "2 revisions".
std::string plural(std::size_t count, std::string_view singular);
/// "a, b and c".
std::string join_with_and(std::span<const std::string> items);

/// Lower-case words joined by '_', cut at `max_length` on a word: "Add users' e-mail" -> "add_users_e_mail".
std::string slugify(std::string_view message, std::size_t max_length = 40);

/// A literal for our own SQL, standard_conforming_strings or not: 'it''s', or E'...' where there is a backslash.
std::string quote_literal(std::string_view text);
/// Always in double quotes.
std::string quote_identifier(std::string_view name);

}  // namespace migrate
