// What to write instead of a psql command.
#pragma once

#include <string_view>

namespace migrate::sql {

// `name` begins with its backslash.
std::string_view advice_for_meta_command(std::string_view name);

}  // namespace migrate::sql
