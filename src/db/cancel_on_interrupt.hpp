// Cancels the server's statement at Ctrl-C while a libpqxx call waits for it: libpqxx waits on the socket alone.
#pragma once

#include <migrate/base/interrupt.hpp>

#include "db/pq_handles.hpp"

#include <atomic>
#include <optional>
#include <thread>

namespace migrate::db {

class CancelOnInterrupt {
 public:
  // An interrupt of null: nothing is watched. Both must outlive this.
  CancelOnInterrupt(PGcancel* canceller, const Interrupt* interrupt);
  CancelOnInterrupt(const CancelOnInterrupt&) = delete;
  CancelOnInterrupt& operator=(const CancelOnInterrupt&) = delete;
  ~CancelOnInterrupt();

  [[nodiscard]] bool cancelled() const { return cancelled_; }

 private:
  void watch(PGcancel* canceller, const Interrupt* interrupt);

  std::atomic<bool> cancelled_{false};
  Interrupt done_;
  std::optional<std::thread> watcher_;
};

}  // namespace migrate::db
