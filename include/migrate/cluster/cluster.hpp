/// \file
/// The embedded PostgreSQL: a private cluster in a folder, unix socket only, run as an ordinary user.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <migrate/base/result.hpp>

namespace migrate::cluster {

/// The server's programs (initdb, postgres) of one version.
struct ServerBinaries {
  std::filesystem::path directory;
  std::string version;  ///< "15.18"
  int major = 0;

  bool operator==(const ServerBinaries&) const = default;
};

/// Looked for in `override_directory` (MIGRATE_PG_BIN: a bin folder, or a folder that has bin or native/bin) alone if
/// it is given, else in PATH and the usual folders of distributions, of which the newest wins, at last in pg_config
/// --bindir. Errors: `no-server-binaries` (where was looked, what to install).
Result<ServerBinaries> find_server_binaries(const std::string& override_directory);

/// The same for the cluster in `cluster_directory`: where it has data, the newest of their major version wins, so that
/// the arrival of a newer PostgreSQL on the machine does not lock anyone out of existing data.
Result<ServerBinaries> find_server_binaries(const std::string& override_directory,
                                            const std::filesystem::path& cluster_directory);

/// Of this major version alone: those of `override_directory` if they are, else the newest that are installed.
/// Errors: `no-server-binaries`.
Result<ServerBinaries> find_server_binaries_of(const std::string& override_directory, int major);

struct ClusterOptions {
  std::filesystem::path directory;  ///< .migrate of the project: data, log and socket live here if they can
  ServerBinaries binaries;
  std::vector<std::pair<std::string, std::string>> server_settings;  ///< more lines for postgresql.conf
  bool durable = false;                                              ///< false: fsync off, as for throw-away data
  std::string server_user;                ///< MIGRATE_PG_USER: whom the server runs as; counts for root only
  std::filesystem::path cache_directory;  ///< of the templates; empty: the user's cache folder
};

struct ClusterStatus {
  bool initialised = false;
  bool running = false;  ///< the server's process lives
  bool ready = false;    ///< it takes connections
  std::optional<int> pid;
  std::filesystem::path
      data_directory;  ///< where it really is: not in ClusterOptions::directory if that cannot hold it
  std::filesystem::path socket_directory;
  std::filesystem::path log_file;
  std::string version;  ///< of the binaries if they fit the data, else the major version of the data; empty: no data
  std::string server_user;
};

/// All calls are safe against others at the same time (a lock file), and against a kill at any moment (the folder is
/// completed or made anew by the next call).
class Cluster {
 public:
  explicit Cluster(ClusterOptions options);

  /// Makes the data directory if there is none (from the cached template: well under a second), starts the server if
  /// it does not run, waits until it answers. Settings of a server that already runs stay as they are.
  /// Errors: `cluster-failed` with the end of the server's log, `cluster-version-mismatch` (data of another major
  /// version), `no-ordinary-user`.
  Result<ClusterStatus> start();
  /// Nothing to do if it does not run. `immediate` leaves the recovery to the next start.
  Result<void> stop(bool immediate = false);
  [[nodiscard]] ClusterStatus status() const;
  /// Stops it and removes its data.
  Result<void> reset();

  /// A conninfo for a database of this cluster, as superuser. Of the running server if there is one.
  [[nodiscard]] std::string conninfo(std::string_view database) const;
  /// The same as postgresql://..., for programs that want a URL.
  [[nodiscard]] std::string url(std::string_view database) const;

 private:
  ClusterOptions options_;
};

}  // namespace migrate::cluster
