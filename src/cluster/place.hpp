// Where a project's cluster lives.
//
// In the project's .migrate folder, where that can hold it: the server's user must reach and own what is in it. Where
// it can't (a project below /root, a file system without permissions, a read-only one), in a folder of the system or of
// the user whose name is made from the project's path: /var/lib/migrate/<hash>, ~/.local/state/migrate/<hash>, or
// /var/tmp/migrate-<uid>-<hash>. The name alone leads there; the files `location` and `project` that point to each
// other are for people.
#pragma once

#include <filesystem>

#include <migrate/base/result.hpp>

#include "cluster/server_user.hpp"

namespace migrate::cluster {

struct Place {
  std::filesystem::path folder;  ///< ClusterOptions::directory, absolute
  std::filesystem::path home;    ///< where everything is: the folder, or elsewhere
  std::filesystem::path socket_directory;
  ServerUser user;

  [[nodiscard]] bool elsewhere() const { return home != folder; }
  [[nodiscard]] std::filesystem::path data() const { return home / "data"; }
  [[nodiscard]] std::filesystem::path new_data() const { return home / "data.new"; }
  [[nodiscard]] std::filesystem::path log() const { return home / "postgres.log"; }
  [[nodiscard]] std::filesystem::path old_log() const { return home / "postgres.log.old"; }
  [[nodiscard]] std::filesystem::path lock() const { return home / "lock"; }
};

/// Where the cluster is, or would be if it can live in the folder. Changes nothing. Errors: `no-ordinary-user`.
Result<Place> find_place(const std::filesystem::path& directory, const std::string& wanted_user);

/// The same, with its folders made. Errors: `no-ordinary-user`, `cluster-failed`.
Result<Place> prepare_place(const std::filesystem::path& directory, const std::string& wanted_user);

/// Removes the home of a place elsewhere, after its data. What cannot be removed does no harm.
void remove_home(const Place& place);

/// Makes the folder of the socket. Errors: `cluster-failed` if another user has taken its name.
Result<void> prepare_socket_directory(const Place& place);

/// The folder of the templates of a user. Errors: `cluster-failed`.
Result<std::filesystem::path> prepare_cache(const std::filesystem::path& wanted, const Place& place);

/// The name of the server's socket in its folder.
std::filesystem::path socket_in(const std::filesystem::path& directory);

}  // namespace migrate::cluster
