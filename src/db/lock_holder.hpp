// Who holds a lock, as the server knows it.
#pragma once

#include <migrate/db/lock.hpp>

#include <string>
#include <string_view>

namespace migrate::db {

// Asks for the sessions that hold a lock; `condition` is of `l`, a row of pg_locks.
std::string holders_sql(std::string_view condition);
// A row of the answer.
LockHolder read_holder(const Row& row);

}  // namespace migrate::db
