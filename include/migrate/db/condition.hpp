/// \file
/// PostgreSQL's error conditions by name. No database.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace migrate::db {

/// The SQLSTATEs of the condition with this kebab-case name, in order: "undefined-table" -> 42P01. Empty: there is
/// none. Source: appendix A of PostgreSQL's documentation.
std::vector<std::string> sqlstates_of(std::string_view condition);

}  // namespace migrate::db
