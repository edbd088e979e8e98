#include "cluster/file_lock.hpp"

#include <cerrno>
#include <thread>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <fmt/format.h>

#include <migrate/base/system_error.hpp>

#include "cluster/as_user.hpp"

namespace migrate::cluster {
namespace {

using namespace std::chrono_literals;

constexpr auto patience = 180s;
constexpr auto pause = 5ms;

Unexpected<Failure> cannot_lock(const std::filesystem::path& path, int code) {
  return fail(error("cluster-failed", fmt::format("cannot lock `{}`: {}", path.string(), reason_of(code)))
                  .help(fmt::format("check the permissions of `{}`", path.parent_path().string())),
              ExitCode::unreachable);
}

/// Errors: a closed descriptor, with errno set.
Descriptor open_lock(const std::filesystem::path& path, const ServerUser& user) {
  constexpr int flags = O_RDWR | O_NOFOLLOW | O_CLOEXEC;
  Descriptor descriptor(::open(path.c_str(), flags));
  if (descriptor.is_open() || errno != ENOENT) return descriptor;
  const int code = as_user(user, [name = path.c_str()] {
    const int made = ::open(name, flags | O_CREAT, 0600);
    if (made < 0) return errno;
    ::close(made);
    return 0;
  });
  if (code != 0) {
    errno = code;
    return Descriptor{};
  }
  return Descriptor(::open(path.c_str(), flags));
}

bool is_still_there(const Descriptor& descriptor, const std::filesystem::path& path) {
  struct stat held {};
  struct stat present {};
  return ::fstat(descriptor.get(), &held) == 0 && ::lstat(path.c_str(), &present) == 0 &&
         held.st_dev == present.st_dev && held.st_ino == present.st_ino;
}

}  // namespace

FileLock::~FileLock() {
  // Said aloud: a child of another thread may hold a copy of the descriptor until it calls exec.
  if (descriptor_.is_open()) ::flock(descriptor_.get(), LOCK_UN);
}

Result<FileLock> FileLock::acquire(const std::filesystem::path& path, const ServerUser& user, Kind kind) {
  const int operation = (kind == Kind::shared ? LOCK_SH : LOCK_EX) | LOCK_NB;
  const auto end = std::chrono::steady_clock::now() + patience;
  for (;;) {
    Descriptor descriptor = open_lock(path, user);
    if (!descriptor.is_open()) return cannot_lock(path, errno);
    while (::flock(descriptor.get(), operation) != 0) {
      if (errno != EWOULDBLOCK && errno != EINTR) return cannot_lock(path, errno);
      if (std::chrono::steady_clock::now() > end)
        return fail(error("cluster-failed",
                          fmt::format("another command has held `{}` for {} s", path.string(), patience.count()))
                        .help("wait for it, or end it, then run this command again"),
                    ExitCode::unreachable);
      std::this_thread::sleep_for(pause);
    }
    if (is_still_there(descriptor, path)) return FileLock(std::move(descriptor));
  }
}

}  // namespace migrate::cluster
