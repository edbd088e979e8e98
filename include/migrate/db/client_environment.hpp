/// \file
/// The way to a session's database for other clients: pg_dump, pg_restore, psql.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <migrate/db/session.hpp>

namespace migrate::db {

/// libpq's variables (PGHOST, PGPASSWORD ...) that lead another client to the same database, as the same user.
/// Source: PQconninfo; what has no variable is left out.
std::vector<std::pair<std::string, std::string>> client_environment(Session& session);

}  // namespace migrate::db
