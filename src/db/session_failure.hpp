// Errors of our own questions, as users read them.
#pragma once

#include <migrate/base/result.hpp>
#include <migrate/db/session.hpp>

#include <string>

namespace migrate::db {

// Of a question that changes nothing, or whose change did not happen.
Failure session_failure(const ServerError& server_error);

// `read-only-database`
Failure read_only_failure(const DatabaseInfo& database);

}  // namespace migrate::db
