/// \file
/// What the executor does beyond sending a statement, as SQL for scripts that somebody runs with psql.
#pragma once

#include <string>

#include <migrate/db/executor.hpp>
#include <migrate/db/journal.hpp>

namespace migrate::db {

/// The body as a statement of its own, between dollar signs that it does not have itself.
std::string do_block(const std::string& body);

/// The statement in batches, with the journal told of each: a DO block that commits, so that it can stand in no
/// transaction. `migrate upgrade` goes on where it was cut off. Requires: the statement has a batch.
std::string batch_block(const Journal& journal, const RevisionRun& run, std::size_t index);

/// Whether a statement of a revision that runs statement by statement stands in no transaction: PostgreSQL refuses it
/// there, or it may commit inside.
bool runs_alone(const RevisionRun& run, std::size_t index);

/// Raises `assert_failure` where the assertion does not return true; what it writes is refused, as in a run. Several
/// statements, for an open transaction. Requires: the statement is an assertion.
std::string assertion_block(const RevisionRun& run, std::size_t index);

}  // namespace migrate::db
