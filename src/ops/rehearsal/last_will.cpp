#include "ops/rehearsal/last_will.hpp"

#include <array>
#include <cerrno>
#include <csignal>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

namespace migrate::ops {
namespace {

[[noreturn]] void outlive(int alive, const LastWill::Work& work) {
  // Ctrl-C goes to all processes of the terminal.
  for (const int number : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) ::signal(number, SIG_IGN);
  char nothing = 0;
  while (::read(alive, &nothing, 1) < 0 && errno == EINTR) {
  }
  ::_exit(work() ? 0 : 1);
}

}  // namespace

LastWill::LastWill(const Work& work) : work_(work) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return;
  child_ = ::fork();
  if (child_ == 0) {
    ::close(ends[1]);
    outlive(ends[0], work_);
  }
  ::close(ends[0]);
  if (child_ < 0) {
    ::close(ends[1]);
  } else {
    alive_ = ends[1];
  }
}

bool LastWill::execute() {
  if (done_) return true;
  done_ = true;
  if (child_ < 0) return work_();
  ::close(alive_);
  int status = 0;
  while (::waitpid(child_, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

}  // namespace migrate::ops
