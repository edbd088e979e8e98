#include <migrate/base/interrupt.hpp>

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "support/catch.hpp"

using migrate::Interrupt;

namespace {

bool readable(const Interrupt& interrupt) {
  pollfd waiting{interrupt.fd(), POLLIN, 0};
  return poll(&waiting, 1, 0) == 1;
}

// The handlers are the process's own, so each case has a process to itself.
int exit_code_of(const std::function<int()>& body) {
  const pid_t child = fork();
  if (child == 0) _exit(body());
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 256 + WTERMSIG(status);
}

}  // namespace

TEST_CASE("an interrupt that was raised stays raised, for whoever asks and whoever polls") {
  Interrupt interrupt;
  CHECK_FALSE(interrupt.raised());
  CHECK_FALSE(readable(interrupt));

  interrupt.raise();
  for (int i = 0; i < 3; ++i) {
    CHECK(interrupt.raised());
    CHECK(readable(interrupt));
  }
}

TEST_CASE("each interrupt is its own") {
  Interrupt a;
  Interrupt b;
  a.raise();
  CHECK(a.raised());
  CHECK_FALSE(b.raised());
}

TEST_CASE("the first SIGINT, SIGTERM or SIGHUP is told, the second ends the process with 130") {
  for (const int signal : {SIGINT, SIGTERM, SIGHUP}) {
    CAPTURE(signal);
    CHECK(exit_code_of([=] {
            Interrupt interrupt;
            interrupt.install_signal_handlers();
            ::raise(signal);
            return interrupt.raised() ? 7 : 8;
          }) == 7);
    CHECK(exit_code_of([=] {
            Interrupt interrupt;
            interrupt.install_signal_handlers();
            ::raise(signal);
            ::raise(SIGINT);
            return 8;
          }) == 130);
  }
}

TEST_CASE("a signal that was ignored when the process began stays ignored") {
  CHECK(exit_code_of([] {
          ::signal(SIGHUP, SIG_IGN);
          Interrupt interrupt;
          interrupt.install_signal_handlers();
          ::raise(SIGHUP);
          return interrupt.raised() ? 8 : 7;
        }) == 7);
}

TEST_CASE("when the interrupt is gone, signals do again what they did") {
  CHECK(exit_code_of([] {
          { Interrupt().install_signal_handlers(); }
          ::raise(SIGTERM);
          return 8;
        }) == 256 + SIGTERM);
}
