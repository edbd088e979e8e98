// What became of a COMMIT whose answer was lost.
#pragma once

#include <migrate/db/executor.hpp>

#include "db/session_state.hpp"

namespace migrate::db {

enum class Settled { committed, rolled_back, unknown };

// Connects again, sees to it that the old server process is gone, and reads what the journal says of the revision.
// Behind a pooler the transaction itself is asked about. Cost: up to half a minute, where the server is away.
Settled settle_commit(const SessionState& lost, const Journal& journal, const RevisionRun& run);

}  // namespace migrate::db
