// A cluster's data: copied from the template, or found.
#pragma once

#include <string>

#include <migrate/base/result.hpp>
#include <migrate/cluster/cluster.hpp>

#include "cluster/file_lock.hpp"
#include "cluster/place.hpp"

namespace migrate::cluster {

/// Whether they were ever made to the end. Those that were not never held anyone's rows.
bool has_complete_data(const Place& place);
/// "15"; empty if there are no data.
std::string data_version(const Place& place);

/// Makes the data anew. Requires: `lock` is the place's. Errors: `cluster-failed`.
Result<void> make_data(const Place& place, const ClusterOptions& options, const FileLock& lock);

/// Writes postgresql.conf. Errors: `cluster-failed`.
Result<void> configure(const Place& place, const ClusterOptions& options);

}  // namespace migrate::cluster
