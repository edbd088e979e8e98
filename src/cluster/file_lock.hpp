// One at a time, over all processes and threads.
#pragma once

#include <chrono>
#include <filesystem>

#include <migrate/base/result.hpp>

#include "cluster/descriptor.hpp"
#include "cluster/server_user.hpp"

namespace migrate::cluster {

class FileLock {
 public:
  enum class Kind { shared, exclusive };

  FileLock(FileLock&&) = default;
  FileLock& operator=(FileLock&&) = delete;
  ~FileLock();

  /// Waits until the lock is ours. The file is made as `user`; a file that a reset removed meanwhile is made again.
  /// Errors: `cluster-failed` if it cannot be made, or another holds it for longer than anything here takes.
  static Result<FileLock> acquire(const std::filesystem::path& path, const ServerUser& user, Kind kind);

  /// If this process is killed, the lock lasts until the last copy of it is closed.
  [[nodiscard]] int descriptor() const { return descriptor_.get(); }

 private:
  explicit FileLock(Descriptor descriptor) : descriptor_(std::move(descriptor)) {}

  Descriptor descriptor_;
};

}  // namespace migrate::cluster
