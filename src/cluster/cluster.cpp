#include <migrate/cluster/cluster.hpp>

#include <cerrno>

#include <sys/stat.h>
#include <unistd.h>

#include <fmt/format.h>

#include <migrate/base/log.hpp>

#include "cluster/as_user.hpp"
#include "cluster/data_directory.hpp"
#include "cluster/file_lock.hpp"
#include "cluster/place.hpp"
#include "cluster/server.hpp"
#include "cluster/template.hpp"

namespace migrate::cluster {
namespace {

namespace fs = std::filesystem;

struct LockedPlace {
  Place place;
  FileLock lock;
};

Result<LockedPlace> lock_place(const ClusterOptions& options) {
  for (;;) {
    MIGRATE_TRY_ASSIGN(Place place, prepare_place(options.directory, options.server_user));
    auto lock = FileLock::acquire(place.lock(), place.user, FileLock::Kind::exclusive);
    if (lock) return LockedPlace{std::move(place), *std::move(lock)};
    // A reset that came first took the home with it.
    if (fs::exists(place.home)) return fail(std::move(lock).error());
  }
}

ClusterStatus status_of(const Place& place, const ServerBinaries& binaries) {
  ClusterStatus status;
  status.data_directory = place.data();
  status.socket_directory = place.socket_directory;
  status.log_file = place.log();
  status.server_user = place.user.name;
  status.initialised = has_complete_data(place);
  if (!status.initialised) return status;
  const auto major = data_version(place);
  status.version = major == std::to_string(binaries.major) ? binaries.version : major;
  if (const auto server = find_server(place)) {
    status.running = true;
    status.pid = server->pid;
    if (!server->socket_directory.empty()) status.socket_directory = server->socket_directory;
    status.ready = server->is_ready() && takes_connections(status.socket_directory);
  }
  return status;
}

Result<void> check_version(const Place& place, const ServerBinaries& binaries) {
  const auto major = data_version(place);
  if (major == std::to_string(binaries.major)) return {};
  return fail(error("cluster-version-mismatch",
                    fmt::format("the embedded PostgreSQL's data are of version {}, and `{}` is of version {}", major,
                                binaries.directory.string(), binaries.version))
                  .note("found", place.data().string())
                  .help(fmt::format("use PostgreSQL {0}: MIGRATE_PG_BIN=DIRECTORY, where its programs are", major))
                  .help("or throw the data away: migrate dev reset"));
}

bool is_same_folder(const fs::path& a, const fs::path& b) {
  struct stat first {};
  struct stat second {};
  return ::stat(a.c_str(), &first) == 0 && ::stat(b.c_str(), &second) == 0 && first.st_dev == second.st_dev &&
         first.st_ino == second.st_ino;
}

/// Whether the server that runs can stay. Waits for one that is starting.
bool is_of_use(const Place& place, const PidFile& server) {
  // The folder may have been moved under a running server, or its socket removed by a cleaner of /tmp.
  if (!is_same_folder(server.data_directory, place.data())) return false;
  if (server.is_ready()) return takes_connections(server.socket_directory);
  return server.status != "stopping" && wait_until_ready(place, server.pid);
}

Result<void> start_on_existing_data(const Place& place, const ClusterOptions& options) {
  MIGRATE_TRY(prepare_socket_directory(place));
  MIGRATE_TRY(configure(place, options));
  return start_server(place, options.binaries);
}

Result<void> start_on_new_data(const LockedPlace& locked, const ClusterOptions& options) {
  const Place& place = locked.place;
  MIGRATE_TRY(make_data(place, options, locked.lock));
  auto started = start_on_existing_data(place, options);
  if (started) return started;
  // Nothing is lost yet, and the template may be damaged in a way that its seal doesn't show.
  log::debug("the first start failed: once more, with a new template");
  MIGRATE_TRY_ASSIGN(const auto cache, prepare_cache(options.cache_directory, place));
  if (const auto server = find_server(place)) MIGRATE_TRY(stop_server(place, server->pid, true));
  MIGRATE_TRY(remove_template(cache, options.binaries, place.user));
  MIGRATE_TRY(make_data(place, options, locked.lock));
  started = start_on_existing_data(place, options);
  // What never ran shall not look as if it could.
  if (!started && !find_server(place)) MIGRATE_TRY(remove_trees({place.data()}, place.user));
  return started;
}

/// A value of a conninfo.
std::string quote(std::string_view value) {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

/// A part of a URL. Source: RFC 3986, section 2.3.
std::string percent_encode(std::string_view text) {
  std::string encoded;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~").find(c) != std::string_view::npos;
    encoded += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return encoded;
}

}  // namespace

Cluster::Cluster(ClusterOptions options) : options_(std::move(options)) {}

Result<ClusterStatus> Cluster::start() {
  MIGRATE_TRY_ASSIGN(const LockedPlace locked, lock_place(options_));
  const Place& place = locked.place;
  if (!has_complete_data(place)) {
    MIGRATE_TRY(start_on_new_data(locked, options_));
    return status_of(place, options_.binaries);
  }
  MIGRATE_TRY(check_version(place, options_.binaries));
  if (const auto server = find_server(place)) {
    if (is_of_use(place, *server)) return status_of(place, options_.binaries);
    MIGRATE_TRY(stop_server(place, server->pid, false));
  }
  if (auto started = start_on_existing_data(place, options_); !started) {
    // A start that was killed may have left one on its way, which nobody saw until it took the data for itself.
    const auto server = find_server(place);
    if (!server || !is_of_use(place, *server)) return fail(std::move(started).error());
  }
  return status_of(place, options_.binaries);
}

Result<void> Cluster::stop(bool immediate) {
  if (!status().initialised) return {};
  MIGRATE_TRY_ASSIGN(const LockedPlace locked, lock_place(options_));
  const auto server = find_server(locked.place);
  if (!server) return {};
  return stop_server(locked.place, server->pid, immediate);
}

ClusterStatus Cluster::status() const {
  const auto place = find_place(options_.directory, options_.server_user);
  return place ? status_of(*place, options_.binaries) : ClusterStatus{};
}

Result<void> Cluster::reset() {
  const auto present = find_place(options_.directory, options_.server_user);
  if (present && !fs::exists(present->home)) return {};
  MIGRATE_TRY_ASSIGN(const LockedPlace locked, lock_place(options_));
  const Place& place = locked.place;
  if (const auto server = find_server(place)) MIGRATE_TRY(stop_server(place, server->pid, true));
  MIGRATE_TRY(remove_trees({place.data(), place.new_data(), place.log(), place.old_log(), place.home / "run",
                            place.home / "cache", place.socket_directory},
                           place.user));
  if (place.elsewhere()) remove_home(place);
  log::debug("removed the data in {}", place.home.string());
  return {};
}

std::string Cluster::conninfo(std::string_view database) const {
  // The port and the empty host address keep PGPORT and PGHOSTADDR of the environment from leading to another server.
  return fmt::format("host={} hostaddr='' port=5432 user=postgres dbname={}", quote(status().socket_directory.string()),
                     quote(database));
}

std::string Cluster::url(std::string_view database) const {
  return fmt::format("postgresql://postgres@/{}?host={}&port=5432", percent_encode(database),
                     percent_encode(status().socket_directory.native()));
}

}  // namespace migrate::cluster
