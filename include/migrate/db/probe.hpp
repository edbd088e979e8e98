/// \file
/// What an ALTER TABLE does to rows, tried on an empty clone of its table: also for SQL that the parser does not know.
#pragma once

#include <optional>
#include <string_view>

#include <migrate/base/result.hpp>
#include <migrate/db/session.hpp>

namespace migrate::db {

struct Probe {
  bool rewrites = false;      ///< the table is written anew
  bool scans = false;         ///< all of it is read, without a rewrite
  bool builds_index = false;  ///< also where it is rewritten and has indexes
};

/// Runs the statement on a clone of its table in a transaction that is rolled back. Nothing where that tells nothing or
/// is not allowed: no ALTER TABLE of a plain table, one with REFERENCES or with a name that is not there, no right to
/// make a schema, a standby, a session in a transaction, a statement that fails. The table itself is locked as by a
/// reader, for the clone's making. Cost: six round trips. Errors: those of a lost or interrupted connection (exit codes
/// 3, 130).
Result<std::optional<Probe>> probe(Session& session, std::string_view statement);

}  // namespace migrate::db
