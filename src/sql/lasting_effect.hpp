// What a statement that no ROLLBACK undoes leaves in the catalog.
#pragma once

#include <pg_query/pg_query.pb-c.h>

#include <migrate/sql/statement.hpp>

namespace migrate::sql {

LastingEffect lasting_effect(const PgQuery__Node& statement);

}  // namespace migrate::sql
