// A question on a link of its own that nobody has to wait for.
#pragma once

#include <migrate/base/interrupt.hpp>
#include <migrate/db/session.hpp>

#include "db/pq_handles.hpp"

#include <chrono>
#include <string>
#include <vector>

namespace migrate::db {

// Rows of one simple query. An error has no more than it takes to see what is wrong; where `give_up` is raised or
// `patience` at its end, the link is in no state to be used again and error.connection_lost says so.
Result<std::vector<Row>, ServerError> ask(PGconn* connection, const std::string& sql, const Interrupt* give_up,
                                          std::chrono::milliseconds patience);

}  // namespace migrate::db
