/// \file
/// From settings to a session with its journal.
#pragma once

#include <migrate/base/result.hpp>
#include <migrate/db/journal.hpp>
#include <migrate/db/session.hpp>
#include <migrate/ops/context.hpp>

namespace migrate::ops {

/// A session and the journal that belongs to it.
struct Connection {
  db::Session session;
  db::Journal journal;
};

/// What a connection is for.
enum class Purpose {
  look,    ///< reads the journal and the catalog
  change,  ///< goes past a pooler where MIGRATE_DIRECT_URL shows the way
};

/// Connects as the settings say; starts the embedded PostgreSQL first where they ask for it and makes its database.
/// Errors (exit code 3): those of db::Session::connect and cluster::Cluster::start.
Result<Connection> connect(const Context& context, Purpose purpose = Purpose::look);

/// Whether a journal of another project is refused.
enum class Ownership { checked, taken_over };

/// Reads the journal and checks that it is this project's. Errors: those of db::Journal::read, `wrong-project`.
Result<db::JournalContent> read_journal(const Context& context, Connection& connection,
                                        Ownership ownership = Ownership::checked);

/// The same, for a run that is to change something: where another session has locked the journal it waits as long as
/// for the migration lock.
Result<db::JournalContent> wait_for_journal(const Context& context, Connection& connection,
                                            Ownership ownership = Ownership::checked);

}  // namespace migrate::ops
