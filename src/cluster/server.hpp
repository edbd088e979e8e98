// The server's process: found through postmaster.pid, started, waited for, ended.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include <sys/types.h>

#include <migrate/base/result.hpp>
#include <migrate/cluster/cluster.hpp>

#include "cluster/place.hpp"

namespace migrate::cluster {

/// What stands in postmaster.pid. Source: src/include/utils/pidfile.h of PostgreSQL.
struct PidFile {
  pid_t pid = 0;
  std::filesystem::path data_directory;
  std::filesystem::path socket_directory;
  std::string status;  ///< "starting", "ready", "standby", "stopping"

  [[nodiscard]] bool is_ready() const { return status == "ready" || status == "standby"; }
  bool operator==(const PidFile&) const = default;
};

std::optional<PidFile> parse_pid_file(std::string_view text);

/// The server that runs on the place's data, if one does. A file that a killed server left behind, one that came with a
/// copied folder, or one whose pid belongs to another program by now, is no server.
std::optional<PidFile> find_server(const Place& place);

/// Whether a server listens in the folder.
bool takes_connections(const std::filesystem::path& socket_directory);

/// Starts a server on the place's data and waits until it takes connections. Requires: none runs, complete data.
/// Errors: `cluster-failed` with the end of the log.
Result<void> start_server(const Place& place, const ServerBinaries& binaries);

/// Waits until a server that is on its way takes connections; false if it ended, or takes too long.
bool wait_until_ready(const Place& place, pid_t pid);

/// Ends the server and waits for it; one that does not end in time is ended at once.
/// Errors: `cluster-failed` if it still lives.
Result<void> stop_server(const Place& place, pid_t pid, bool immediate);

}  // namespace migrate::cluster
