// The data of a fresh cluster, as initdb makes them, kept in the user's cache.
#pragma once

#include <filesystem>

#include <migrate/base/result.hpp>
#include <migrate/cluster/cluster.hpp>

#include "cluster/file_lock.hpp"
#include "cluster/server_user.hpp"

namespace migrate::cluster {

/// Copies the template to `target`, which must not exist; makes the template if there is none, or a damaged one.
/// Errors: `cluster-failed`. Requires: `target_lock` guards `target`; programs that write into it keep it.
Result<void> copy_template(const std::filesystem::path& cache, const ServerBinaries& binaries, const ServerUser& user,
                           const std::filesystem::path& target, const FileLock& target_lock);

/// Removes the template. Errors: `cluster-failed`.
Result<void> remove_template(const std::filesystem::path& cache, const ServerBinaries& binaries,
                             const ServerUser& user);

/// Removes files and folders of the user, if they are there. Errors: `cluster-failed`.
Result<void> remove_trees(const std::vector<std::filesystem::path>& paths, const ServerUser& user);

}  // namespace migrate::cluster
