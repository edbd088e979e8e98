/// \file
/// Where the journal is, if no setting says so.
#pragma once

#include <string>

#include <migrate/db/session.hpp>

namespace migrate::db {

/// The schema of the search path that has the journal, else the one where new tables go; empty: the path names no
/// schema that exists. The journal comes first: a revision may make a schema in front of its own, one named like the
/// user say.
Result<std::string, ServerError> find_journal_schema(Session& session);

}  // namespace migrate::db
