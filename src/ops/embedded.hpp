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
/// Makes a database in a running cluster if it is not there.
Result<void> ensure_embedded_database(const cluster::Cluster& cluster, const std::string& name);

}  // namespace migrate::ops
