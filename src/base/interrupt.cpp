#include <migrate/base/interrupt.hpp>

#include <migrate/base/exit_code.hpp>

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <stdexcept>

namespace migrate {
namespace {

constexpr std::array handled_signals{SIGINT, SIGTERM, SIGHUP};

std::atomic<Interrupt*> receiver{nullptr};
static_assert(std::atomic<Interrupt*>::is_always_lock_free, "read in a signal handler");

extern "C" void on_signal(int) {
  const int saved_errno = errno;
  Interrupt* const interrupt = receiver.load();
  if (!interrupt || interrupt->raised()) _exit(static_cast<int>(ExitCode::interrupted));
  interrupt->raise();
  errno = saved_errno;
}

void set_handler(int signal, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  sigemptyset(&action.sa_mask);
  // No SA_RESTART: a prompt that waits for an answer is to end at Ctrl-C.
  sigaction(signal, &action, nullptr);
}

bool is_ignored(int signal) {
  struct sigaction action {};
  sigaction(signal, nullptr, &action);
  return action.sa_handler == SIG_IGN;
}

}  // namespace

Interrupt::Interrupt() {
  int ends[2];
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) throw std::runtime_error("no file descriptors left for a pipe");
  read_fd_ = ends[0];
  write_fd_ = ends[1];
}

Interrupt::~Interrupt() {
  Interrupt* self = this;
  if (receiver.compare_exchange_strong(self, nullptr)) {
    for (const int signal : handled_signals) {
      if (!is_ignored(signal)) set_handler(signal, SIG_DFL);
    }
  }
  close(read_fd_);
  close(write_fd_);
}

void Interrupt::install_signal_handlers() {
  receiver.store(this);
  for (const int signal : handled_signals) {
    // Who started us with a signal ignored (nohup, a shell's background job) meant it.
    if (!is_ignored(signal)) set_handler(signal, on_signal);
  }
}

void Interrupt::raise() {
  // The byte is never read: the pipe stays readable for everyone who polls it.
  [[maybe_unused]] const auto written = write(write_fd_, "!", 1);
}

bool Interrupt::raised() const {
  pollfd waiting{read_fd_, POLLIN, 0};
  return poll(&waiting, 1, 0) == 1;
}

int Interrupt::fd() const { return read_fd_; }

}  // namespace migrate
