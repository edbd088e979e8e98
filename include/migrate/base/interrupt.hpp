/// \file
/// Ctrl-C, SIGTERM and a closed terminal as something that can be waited for.
#pragma once

namespace migrate {

/// Counts signals, and wakes whoever polls `fd`. One per process owns the signal handlers; tests make their own.
class Interrupt {
 public:
  Interrupt();
  ~Interrupt();
  Interrupt(const Interrupt&) = delete;
  Interrupt& operator=(const Interrupt&) = delete;

  /// From now on SIGINT, SIGTERM and SIGHUP come here (those that were not ignored); the second one ends the process at
  /// once with exit code 130.
  void install_signal_handlers();

  void raise();  ///< async-signal-safe
  [[nodiscard]] bool raised() const;
  [[nodiscard]] int fd() const;  ///< readable once raised

 private:
  int read_fd_ = -1;
  int write_fd_ = -1;
};

}  // namespace migrate
