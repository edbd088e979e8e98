// The migration lock as that of a transaction: behind a pooler that gives each transaction another server process.
#pragma once

#include <migrate/db/lock.hpp>
#include <migrate/db/session.hpp>

#include "db/session_state.hpp"

#include <optional>
#include <string>

namespace migrate::db {

// Begins a transaction and takes the lock in it. False: another has it, and no transaction is open. The session then
// knows the transaction's process and id.
Result<bool, ServerError> begin_with_lock(Session& session, const std::string& journal_schema);

// For a session that holds the lock itself; empty for others. A function of a revision may let go of all locks of its
// session, but not of those of the transaction: the first one holds the place until the second one, within the same
// transaction, has made the session hold the lock again.
std::string hold_place_sql(const SessionState& state);
std::string hold_again_sql(const SessionState& state);
// The same without waiting: the place in the open transaction, or, in none, the lock. False: another session has it.
Result<bool, ServerError> try_to_hold_place(SessionState& state);
Result<bool, ServerError> try_to_hold_again(SessionState& state);

// `migration-lock-timeout`
Failure lock_timed_out(const DatabaseInfo& database, const std::optional<LockHolder>& holder,
                       std::chrono::milliseconds waited);

}  // namespace migrate::db
