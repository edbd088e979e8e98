// What the statements of a revision have set for their session, to be said again in another one.
#pragma once

#include <migrate/db/executor.hpp>

#include <cstddef>
#include <vector>

namespace migrate::db {

// Of the first `done` statements of the run those whose setting holds behind them, in their order: SET and RESET that
// no later one takes back, and set_config(). What has been taken back may no longer be possible: a role that was set,
// reset and dropped.
std::vector<std::size_t> lasting_settings(const RevisionRun& run, std::size_t done);

}  // namespace migrate::db
