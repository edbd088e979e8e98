// A statement in many transactions, each of which tells the journal how far it is.
#pragma once

#include "db/run_context.hpp"

namespace migrate::db {

// `before`: where an earlier run stopped in this statement; it goes on there. A failure tells how far it came; the
// transaction that failed may still be open, and the journal does not know of the failure.
Result<void, RunFailure> run_batches(RunContext& context, std::size_t index, const std::optional<BatchRecord>& before);

}  // namespace migrate::db
