// Arrays of text as SQL writes them and as the server prints them.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::db {

// ARRAY['a', 'b']::pg_catalog.text[]
std::string array_expression(std::span<const std::string> items);

// {a,"b c"} as the server prints a text[]; NULL is an empty text. Source: PostgreSQL documentation, "Array Input and
// Output Syntax".
std::vector<std::string> parse_array(std::string_view text);

}  // namespace migrate::db
