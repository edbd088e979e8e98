/// \file
/// The way from a session's database to another one of the same server.
#pragma once

#include <string_view>

#include <migrate/base/result.hpp>
#include <migrate/db/session.hpp>

namespace migrate::db {

/// The session's own options, but for the database. Errors: `invalid-connection-string`.
Result<ConnectOptions> options_for_database(Session& session, std::string_view database);

}  // namespace migrate::db
