// What a statement that runs outside a transaction may leave when it fails.
#pragma once

#include <migrate/db/session.hpp>

#include <string>
#include <vector>

namespace migrate::db {

// For people: `invalid index app.ix_email`, `partition app.old half detached`. Sorted.
using Leftovers = std::vector<std::string>;

// All that there are in the database.
Result<Leftovers, ServerError> read_leftovers(Session& session);
// Those that came.
Leftovers added(const Leftovers& before, const Leftovers& after);

}  // namespace migrate::db
