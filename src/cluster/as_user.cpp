#include "cluster/as_user.hpp"

#include <cerrno>
#include <csignal>
#include <string>

#include <fcntl.h>
#include <grp.h>
#include <sys/stat.h>
#include <sys/wait.h>

namespace migrate::cluster {
namespace {

void reset_signals() {
  struct sigaction usual {};
  usual.sa_handler = SIG_DFL;
  for (int signal = 1; signal < NSIG; ++signal) ::sigaction(signal, &usual, nullptr);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

int write_all(int descriptor, const char* text, std::size_t size) {
  while (size > 0) {
    const auto written = ::write(descriptor, text, size);
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) {
      text += written;
      size -= static_cast<std::size_t>(written);
    }
  }
  return 0;
}

}  // namespace

pid_t fork_with_default_signals() {
  sigset_t all;
  sigset_t before;
  ::sigfillset(&all);
  // Blocked around the fork, so that no handler of ours runs in the child.
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  const pid_t child = ::fork();
  const int code = errno;
  if (child == 0) {
    reset_signals();
  } else {
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }
  errno = code;
  return child;
}

int become(const ServerUser& user) {
  if (!user.drop) return 0;
  if (::setgroups(user.groups.size(), user.groups.data()) != 0) return errno;
  if (::setgid(user.gid) != 0 || ::setuid(user.uid) != 0) return errno;
  // Rights that could be had back were not given up.
  return ::setuid(0) == 0 ? EPERM : 0;
}

int wait_for(pid_t child) {
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int make_directory_as(const ServerUser& user, const std::filesystem::path& path, mode_t mode) {
  return as_user(user, [&, name = path.c_str()] { return ::mkdir(name, mode) == 0 ? 0 : errno; });
}

int make_private_directory_as(const ServerUser& user, const std::filesystem::path& path) {
  const int made = make_directory_as(user, path, 0700);
  if (made != 0 && made != EEXIST) return made;
  struct stat info {};
  if (::lstat(path.c_str(), &info) != 0) return errno;
  if (!S_ISDIR(info.st_mode)) return ENOTDIR;
  if (info.st_uid != user.uid) return EPERM;
  if ((info.st_mode & 0777U) == 0700U) return 0;
  as_user(user, [name = path.c_str()] { return ::chmod(name, 0700) == 0 ? 0 : errno; });
  // Some file systems know no permissions and say yes to all.
  return ::lstat(path.c_str(), &info) == 0 && (info.st_mode & 0777U) == 0700U ? 0 : EPERM;
}

int write_file_as(const ServerUser& user, const std::filesystem::path& path, std::string_view text) {
  const std::string temporary = path.string() + ".new";
  return as_user(user, [&, from = temporary.c_str(), to = path.c_str()] {
    ::unlink(from);
    const int descriptor = ::open(from, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (descriptor < 0) return errno;
    int code = write_all(descriptor, text.data(), text.size());
    if (::close(descriptor) != 0 && code == 0) code = errno;
    if (code == 0 && ::rename(from, to) != 0) code = errno;
    return code;
  });
}

int check_access_as(const ServerUser& user, const std::filesystem::path& path, int mode) {
  // Of the effective user: a program that has changed its user without dropping the real one asks for what it is now.
  return as_user(user,
                 [&, name = path.c_str()] { return ::faccessat(AT_FDCWD, name, mode, AT_EACCESS) == 0 ? 0 : errno; });
}

}  // namespace migrate::cluster
