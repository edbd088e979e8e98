/// \file
/// What a server knows of the relations, types and functions that a judgement is about.
#pragma once

#include <migrate/base/result.hpp>
#include <migrate/catalog/schema.hpp>
#include <migrate/db/session.hpp>

namespace migrate::db {

/// The named things, as far as they exist, with what belongs to them: an index's table; a table's columns, constraints,
/// indexes and rows; the tables that it references, that reference it, that it is a part of; the tables that use a
/// type, and the types that a table uses; the tables that a view reads. The schema is `complete`.
/// Of what a statement may lock with those (partitions and children, views over them, owned sequences) only the
/// relations themselves are told: their `columns_known` is false.
/// What may not be seen (statistics, rows of another's table) is left out, and counts as there.
/// Only catalogs are read, but for tables under 128 kB: they are asked for one row. Nothing waits for a lock longer
/// than 100 ms, and the session is as before; it may stand in a transaction block.
/// Errors: those of a lost or interrupted connection (exit codes 3, 130), of a failed transaction block (3).
/// Cost: one round trip, and one more for each hundred small tables that are not empty files.
Result<catalog::Schema> read_catalog(Session& session, const catalog::Mentioned& names);

}  // namespace migrate::db
