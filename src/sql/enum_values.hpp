// ALTER TYPE ... ADD VALUE and the types that a statement makes.
#pragma once

#include <migrate/sql/statement.hpp>

#include "sql/pg_query.hpp"

namespace migrate::sql {

std::optional<AddedEnumValue> added_enum_value(const PgQuery__Node& statement);

// The name of the enum type that CREATE TYPE ... AS ENUM makes, without its schema; else empty.
std::string created_enum(const PgQuery__Node& statement);

}  // namespace migrate::sql
