// Names as PostgreSQL writes them.
#pragma once

#include <string>
#include <string_view>

namespace migrate::sql {

// In double quotes where the name would be another one, or no name at all, without them.
std::string quote_where_needed(std::string_view name);

}  // namespace migrate::sql
