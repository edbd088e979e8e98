// Whether and where a statement can be cut into batches, from its parse tree.
#pragma once

#include <migrate/sql/treatment.hpp>

namespace migrate::sql {

// Fills in what the statement tells. Errors: `invalid-batch`.
Result<void> read_shape(const SourcePtr& source, const Statement& statement, const Directive& directive, Batch& batch);

}  // namespace migrate::sql
