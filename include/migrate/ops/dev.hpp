/// \file
/// `migrate dev`: the embedded PostgreSQL of the project, by hand.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/cluster/cluster.hpp>
#include <migrate/ops/context.hpp>

namespace migrate::ops {

struct DevOutcome {
  cluster::ClusterStatus status;
  std::string url;   ///< of the project's database in it
  std::string said;  ///< "started", "was running", "stopped", "was not running", "removed"
};

/// All of them are refused where MIGRATE_ENV=production (`embedded-in-production`).
Result<DevOutcome> dev_start(const Context& context);
Result<DevOutcome> dev_stop(const Context& context);
Result<DevOutcome> dev_status(const Context& context);
/// Stops it and removes its data.
Result<DevOutcome> dev_reset(const Context& context);
/// Starts it and makes its database where needed; the words to run psql with.
Result<std::vector<std::string>> dev_psql(const Context& context, const std::vector<std::string>& arguments);

}  // namespace migrate::ops
