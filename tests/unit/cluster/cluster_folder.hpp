// A project folder with a cluster of its own in it, removed with its server at the end of the scope.
#pragma once

#include <functional>
#include <string>

#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>

#include <fmt/format.h>

#include <migrate/base/file.hpp>
#include <migrate/cluster/cluster.hpp>

#include "support/temporary_folder.hpp"
#include "support/test_server.hpp"

namespace migrate::test {

class ClusterFolder {
 public:
  /// `name` may have several parts. The template cache is the user's, unless `own_cache`.
  explicit ClusterFolder(const std::filesystem::path& name = "project", bool own_cache = false) {
    // The server's user must get to its data, and write the cache.
    ::chmod(outer_.path().c_str(), 0755);
    project_ = outer_ / name;
    std::filesystem::create_directories(project_);
    guard_cluster(project_);
    options.directory = project_ / ".migrate";
    options.binaries = server_binaries();
    if (own_cache) {
      std::filesystem::create_directory(outer_ / "cache");
      ::chmod((outer_ / "cache").c_str(), 0777);
      options.cache_directory = outer_ / "cache" / "templates";
    }
  }
  ClusterFolder(const ClusterFolder&) = delete;
  ClusterFolder& operator=(const ClusterFolder&) = delete;
  ~ClusterFolder() {
    if (auto gone = cluster().reset(); !gone) fmt::print(stderr, "{}", text_of(gone.error()));
  }

  cluster::ClusterOptions options;

  [[nodiscard]] cluster::Cluster cluster() const { return cluster::Cluster(options); }
  [[nodiscard]] const std::filesystem::path& project() const { return project_; }
  [[nodiscard]] const std::filesystem::path& outer() const { return outer_.path(); }
  [[nodiscard]] Connection connect() const { return Connection(cluster().conninfo("postgres")); }
  void move_project(const std::filesystem::path& name) {
    std::filesystem::rename(project_, outer_ / name);
    project_ = outer_ / name;
    guard_cluster(project_);
    options.directory = project_ / ".migrate";
  }

 private:
  TemporaryFolder outer_{server_folder()};
  std::filesystem::path project_;
};

/// Empty if all went well, else what the failure tells.
template <class T>
std::string trouble_of(const Result<T>& result) {
  return result ? std::string{} : text_of(result.error());
}

/// The exit code of `action`, run in a process of its own; 128 + signal if it was killed.
inline int in_child(const std::function<int()>& action) {
  const pid_t child = ::fork();
  if (child == 0) {
    int code = 99;
    try {
      code = action();
    } catch (const std::exception& trouble) {
      fmt::print(stderr, "{}\n", trouble.what());
    }
    ::_exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

inline bool is_root() { return ::geteuid() == 0; }

/// For good: to be called in a child.
inline bool become_nobody() {
  constexpr uid_t nobody = 65534;
  return ::setgroups(0, nullptr) == 0 && ::setgid(nobody) == 0 && ::setuid(nobody) == 0;
}

}  // namespace migrate::test
