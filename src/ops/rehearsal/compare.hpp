// What was seen of a statement, as the report has it, and beside what was foretold.
#pragma once

#include <string>
#include <vector>

#include <migrate/ops/rehearse.hpp>
#include <migrate/rules/effects.hpp>

#include "ops/rehearsal/watch.hpp"

namespace migrate::ops {

// The strongest first; partitions with their table, indexes only where their lock is stronger than their table's. What
// is foretold tells of locks that the transaction held already.
std::vector<MeasuredLock> locks_of(const Seen& seen, const rules::StatementEffects* foretold);

// For a statement whose locks nobody saw. `names`: the relations to tell of.
std::vector<MeasuredLock> foretold_locks(const rules::StatementEffects& foretold, const Watch::Names& names);

// "public.account: SHARE foretold, ACCESS EXCLUSIVE taken". An empty copy shows too little of scans to miss one.
// `outside`: of a transaction, where weak locks may come and go unseen.
std::vector<std::string> differences(const rules::StatementEffects& foretold, const Seen& seen, bool outside);

}  // namespace migrate::ops
