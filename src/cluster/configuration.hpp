// The text of the server's configuration files.
#pragma once

#include <string>

#include <migrate/cluster/cluster.hpp>

#include "cluster/place.hpp"

namespace migrate::cluster {

std::string render_postgresql_conf(const Place& place, const ClusterOptions& options);
std::string render_pg_hba_conf();

}  // namespace migrate::cluster
