#include "db/poll_wait.hpp"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

namespace migrate::db {

Wake wait_for(int socket, short events, const Interrupt* interrupt, std::chrono::milliseconds timeout) {
  using Clock = std::chrono::steady_clock;
  const auto deadline = Clock::now() + timeout;
  std::array<pollfd, 2> waiting{pollfd{socket, events, 0}, pollfd{interrupt ? interrupt->fd() : -1, POLLIN, 0}};
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
    const int woken = poll(waiting.data(), waiting.size(), static_cast<int>(std::max<std::int64_t>(left.count(), 0)));
    if (woken < 0 && errno == EINTR) continue;
    if (woken < 0) return Wake::ready;  // whoever waits will meet the error
    if (waiting[1].revents != 0) return Wake::interrupted;
    if (waiting[0].revents != 0) return Wake::ready;
    if (woken == 0) return Wake::timed_out;
  }
}

}  // namespace migrate::db
