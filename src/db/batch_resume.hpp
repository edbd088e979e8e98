// A walk in batches that was cut off, for the run that goes on with it.
#pragma once

#include "db/run_context.hpp"

namespace migrate::db {

// What the journal knows of it, read while the session is still ours; none: nothing was cut off. Makes a place for such
// records where the revision needs one. Errors: `batch-key-changed`, the file no longer has the statement there.
Result<std::optional<BatchRecord>, RunFailure> take_up_batches(RunContext& context);

// "UPDATE SET plan": another one must not go on in its place.
std::string shape_of(const sql::Batch& batch);

// The statement is not the one that was cut off.
RunFailure batch_changed(const RunContext& context, const BatchRecord& record, std::string message);

}  // namespace migrate::db
