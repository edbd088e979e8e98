// What the server tells of a process that is at work.
#pragma once

#include <migrate/db/progress.hpp>
#include <migrate/db/session.hpp>

#include <string>
#include <vector>

namespace migrate::db {

// One row where the process does something that the server counts.
std::string progress_sql(int backend_pid);
// Phase, unit, done and total of a row.
Progress read_progress(const Row& row);

// Those that the process waits for. No query text, and no row data.
std::string blockers_sql(int backend_pid);
std::vector<Blocker> read_blockers(const std::vector<Row>& rows);

}  // namespace migrate::db
