/// \file
/// How a statement names columns.
#pragma once

#include <string>
#include <string_view>

namespace migrate::sql {

/// The statement with each column named without its table: `lower(app.t.name)` becomes `lower("name")`. For statements
/// about one table, which can then be said of another. As it stands where the parser does not know it.
std::string without_qualifiers(std::string_view statement);

}  // namespace migrate::sql
