// The migration lock, as every verb that changes a database takes it.
#pragma once

#include <migrate/base/result.hpp>
#include <migrate/db/lock.hpp>
#include <migrate/ops/connection.hpp>
#include <migrate/ops/context.hpp>

namespace migrate::ops {

// Waits as long as the settings say, and tells whom for. Errors: those of db::MigrationLock::acquire.
Result<db::MigrationLock> take_lock(const Context& context, Connection& connection);

}  // namespace migrate::ops
