// The embedded PostgreSQL of a project: `DATABASE_URL=embedded:`.
#pragma once

#include <string>

#include <migrate/base/result.hpp>
#include <migrate/cluster/cluster.hpp>
#include <migrate/ops/context.hpp>

namespace migrate::ops {

/// The project's cluster, in its .migrate folder.
Result<cluster::Cluster> embedded_cluster(const Context& context);

/// Starts it if it does not run, and gives the conninfo of the project's database in it.
Result<std::string> start_embedded(const Context& context);
/// Makes that database if it is not there.
Result<void> create_embedded_database(const Context& context);

}  // namespace migrate::ops
