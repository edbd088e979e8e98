// Starts a PostgreSQL for tests and returns; stays behind as a process that removes it when another process ends.
//
//   test_supervisor FOLDER BIN_DIRECTORY WATCHED_PID
//
// So nothing is left running after ctest: not when a test crashes, nor when ctest itself is interrupted or killed.
#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <migrate/cluster/cluster.hpp>

namespace fs = std::filesystem;
using migrate::cluster::Cluster;

namespace {

void wait_for_end_of(pid_t watched) {
#ifdef SYS_pidfd_open
  if (const int process = static_cast<int>(::syscall(SYS_pidfd_open, watched, 0)); process >= 0) {
    pollfd end{process, POLLIN, 0};
    while (::poll(&end, 1, -1) < 0) {
    }
    return;
  }
#endif
  while (::kill(watched, 0) == 0) ::usleep(100'000);
}

/// No descriptor of ctest's: it waits until the pipes of a test are closed.
void detach() {
  ::setsid();
  for (int number = 0; number < 256; ++number) ::close(number);
  ::open("/dev/null", O_RDWR);
  [[maybe_unused]] const int output = ::dup(0);
  [[maybe_unused]] const int errors = ::dup(0);
}

void remove_when_gone(Cluster& cluster, const fs::path& project, pid_t watched) {
  detach();
  wait_for_end_of(watched);
  const auto removed = cluster.reset();
  std::error_code ignored;
  if (removed) fs::remove_all(project, ignored);
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    std::fputs("usage: test_supervisor FOLDER BIN_DIRECTORY WATCHED_PID\n", stderr);
    return 2;
  }
  const fs::path folder = arguments[1];
  const pid_t watched = std::atoi(arguments[3]);
  auto binaries = migrate::cluster::find_server_binaries(arguments[2]);
  if (!binaries) return 1;

  // The server's user must get to its data, and nobody else may have taken the name.
  ::umask(022);
  if (::mkdir(folder.parent_path().c_str(), 0755) != 0 && errno != EEXIST) return 1;
  struct stat info {};
  if (::lstat(folder.parent_path().c_str(), &info) != 0 || !S_ISDIR(info.st_mode) || info.st_uid != ::geteuid()) return 1;

  migrate::cluster::ClusterOptions options;
  options.directory = folder;
  options.binaries = *std::move(binaries);
  Cluster cluster(std::move(options));
  // First the one who cleans up, then what is to be cleaned up.
  const pid_t supervisor = ::fork();
  if (supervisor < 0) return 1;
  if (supervisor == 0) {
    remove_when_gone(cluster, folder.parent_path(), watched);
    ::_exit(0);
  }
  const auto started = cluster.start();
  if (started) return 0;
  for (const auto& diagnostic : started.error().diagnostics) {
    std::fprintf(stderr, "%s\n", diagnostic.message.c_str());
    for (const auto& note : diagnostic.notes) std::fprintf(stderr, "  %s\n", note.text.c_str());
  }
  return 1;
}
