/// \file
/// The embedded PostgreSQL: a private cluster in a folder, unix socket only, run as an ordinary user.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>

namespace migrate::cluster {

/// The server's programs (initdb, postgres, pg_ctl) of one version.
struct ServerBinaries {
  std::filesystem::path directory;
  std::string version;  ///< "15.18"
  int major = 0;
};

/// Looked for in `override_directory` (MIGRATE_PG_BIN), pg_config --bindir, PATH and the usual folders of distributions;
/// the newest wins. Errors: `no-server-binaries` (where was looked, what to install).
Result<ServerBinaries> find_server_binaries(const std::string& override_directory);

struct ClusterOptions {
  std::filesystem::path directory;               ///< .migrate of the project: data, log, socket link, template cache
  ServerBinaries binaries;
  std::vector<std::pair<std::string, std::string>> server_settings;  ///< more lines for postgresql.conf
  bool durable = false;                          ///< false: fsync off, as for throw-away data
};

struct ClusterStatus {
  bool initialised = false;
  bool running = false;
  std::optional<int> pid;
  std::filesystem::path data_directory;
  std::filesystem::path socket_directory;
  std::filesystem::path log_file;
  std::string version;
};

/// All calls are safe against others at the same time (a lock file), and against a kill at any moment (the folder is
/// completed or made anew by the next call).
class Cluster {
 public:
  explicit Cluster(ClusterOptions options);

  /// Makes the data directory if there is none (from the cached template: well under a second), starts the server if
  /// it does not run, waits until it answers. Errors: `cluster-failed` with the end of the server's log,
  /// `cluster-version-mismatch` (data of another major version), `no-ordinary-user`.
  Result<ClusterStatus> start();
  Result<void> stop(bool immediate = false);
  [[nodiscard]] ClusterStatus status() const;
  /// Stops it and removes its data.
  Result<void> reset();

  /// A conninfo for a database of this cluster.
  [[nodiscard]] std::string conninfo(std::string_view database) const;

 private:
  ClusterOptions options_;
};

}  // namespace migrate::cluster
