// A statement in many transactions, each of which tells the journal how far it is.
#pragma once

#include "db/run_context.hpp"

namespace migrate::db {

// Goes on where the journal says that an earlier run stopped. A failure tells how far it came; the transaction that
// failed may still be open, and the journal does not know of the failure.
Result<void, RunFailure> run_batches(RunContext& context, std::size_t index);

}  // namespace migrate::db
