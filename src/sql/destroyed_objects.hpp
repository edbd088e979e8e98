// The data that a statement throws away.
#pragma once

#include <vector>

#include <migrate/sql/statement.hpp>

#include "sql/pg_query.hpp"

namespace migrate::sql {

// Tables and columns dropped, tables emptied. What CASCADE takes with it is known to the catalog alone.
std::vector<DestroyedObject> destroyed_objects(const PgQuery__Node& statement);

}  // namespace migrate::sql
