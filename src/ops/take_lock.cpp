#include "ops/take_lock.hpp"

namespace migrate::ops {

Result<db::MigrationLock> take_lock(const Context& context, Connection& connection) {
  return db::MigrationLock::acquire(
      connection.session, connection.journal.schema(), context.settings.migration_lock_timeout.value,
      [&](const auto& holder, auto waited) { context.observer.waiting_for_lock(holder, waited); });
}

}  // namespace migrate::ops
