// Stays behind as a process that removes a test's cluster when another process ends, however it does: so nothing is
// left running after ctest, not when a test crashes, nor when ctest itself is interrupted or killed.
//
//   test_supervisor start|guard PROJECT BIN_DIRECTORY WATCHED_PID
//
// The cluster is in PROJECT/.migrate, and PROJECT is removed with it. `start` makes and starts it before it returns.
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string_view>

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <csignal>

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
  // Usually the test has tidied up itself.
  if (!fs::exists(project)) return;
  const auto removed = cluster.reset();
  std::error_code ignored;
  if (removed) fs::remove_all(project, ignored);
}

/// The server's user must get to its data, and nobody else may have taken the name.
bool make_project(const fs::path& project) {
  ::umask(022);
  if (::mkdir(project.c_str(), 0755) != 0 && errno != EEXIST) return false;
  struct stat info {};
  return ::lstat(project.c_str(), &info) == 0 && S_ISDIR(info.st_mode) && info.st_uid == ::geteuid();
}

int start(Cluster& cluster) {
  const auto started = cluster.start();
  if (started) return 0;
  for (const auto& diagnostic : started.error().diagnostics) {
    std::fprintf(stderr, "%s\n", diagnostic.message.c_str());
    for (const auto& note : diagnostic.notes) std::fprintf(stderr, "  %s\n", note.text.c_str());
  }
  return 1;
}

}  // namespace

int main(int count, char** arguments) {
  const std::string_view verb = count == 5 ? arguments[1] : "";
  if (verb != "start" && verb != "guard") {
    std::fputs("usage: test_supervisor start|guard PROJECT BIN_DIRECTORY WATCHED_PID\n", stderr);
    return 2;
  }
  const fs::path project = arguments[2];
  const pid_t watched = std::atoi(arguments[4]);
  auto binaries = migrate::cluster::find_server_binaries(arguments[3]);
  if (!binaries || !make_project(project)) return 1;

  migrate::cluster::ClusterOptions options;
  options.directory = project / ".migrate";
  options.binaries = *std::move(binaries);
  Cluster cluster(std::move(options));
  // First the one who cleans up, then what is to be cleaned up.
  const pid_t supervisor = ::fork();
  if (supervisor < 0) return 1;
  if (supervisor == 0) {
    remove_when_gone(cluster, project, watched);
    ::_exit(0);
  }
  return verb == "start" ? start(cluster) : 0;
}
