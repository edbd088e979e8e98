// The migration lock as that of a transaction: behind a pooler that gives each transaction another server process.
#pragma once

#include <migrate/db/lock.hpp>
#include <migrate/db/session.hpp>

#include <optional>
#include <string>

namespace migrate::db {

// Begins a transaction and takes the lock in it. False: another has it, and no transaction is open. The session then
// knows the transaction's process and id.
Result<bool, ServerError> begin_with_lock(Session& session, const std::string& journal_schema);

// `migration-lock-timeout`
Failure lock_timed_out(const DatabaseInfo& database, const std::optional<LockHolder>& holder,
                       std::chrono::milliseconds waited);

}  // namespace migrate::db
