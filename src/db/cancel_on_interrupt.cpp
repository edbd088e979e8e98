#include "db/cancel_on_interrupt.hpp"

#include "db/poll_wait.hpp"

#include <poll.h>

#include <array>
#include <chrono>

namespace migrate::db {

CancelOnInterrupt::CancelOnInterrupt(PGcancel* canceller, const Interrupt* interrupt) {
  if (interrupt) watcher_.emplace([this, canceller, interrupt] { watch(canceller, interrupt); });
}

CancelOnInterrupt::~CancelOnInterrupt() {
  done_.raise();
  if (watcher_) watcher_->join();
}

void CancelOnInterrupt::watch(PGcancel* canceller, const Interrupt* interrupt) {
  for (;;) {
    // One that came between two commands is lost: again until the call has ended.
    const auto interval = cancelled_ ? std::chrono::seconds(1) : std::chrono::seconds(60);
    const Wake wake = wait_for(done_.fd(), POLLIN, cancelled_ ? nullptr : interrupt, interval);
    if (wake == Wake::ready || done_.raised()) return;
    if (wake == Wake::timed_out && !cancelled_) continue;
    cancelled_ = true;
    std::array<char, 256> reason{};
    PQcancel(canceller, reason.data(), static_cast<int>(reason.size()));
  }
}

}  // namespace migrate::db
