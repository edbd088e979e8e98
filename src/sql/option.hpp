// Lists of options in the parse tree: WITH (...), (CONCURRENTLY, VERBOSE off).
#pragma once

#include <span>
#include <string_view>

#include "sql/pg_query.hpp"

namespace migrate::sql {

using Options = std::span<PgQuery__Node* const>;

// Null where it is not written.
const PgQuery__DefElem* find_option(Options options, std::string_view name);
// A boolean option; `fallback` where it is not written.
bool option_is_on(Options options, std::string_view name, bool fallback);

}  // namespace migrate::sql
