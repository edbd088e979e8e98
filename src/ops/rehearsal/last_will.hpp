// Something that is done at the end, whatever the end is.
#pragma once

#include <functional>

#include <sys/types.h>

namespace migrate::ops {

// A process of its own does the work: at the end of this object's life, or when this process is killed.
// Requires: no other thread is under way when it is made.
class LastWill {
 public:
  // Says whether it could be done.
  using Work = std::function<bool()>;

  explicit LastWill(const Work& work);
  // Does it now, and waits until it is done. Once.
  bool execute();
  ~LastWill() { execute(); }
  LastWill(const LastWill&) = delete;
  LastWill& operator=(const LastWill&) = delete;

 private:
  Work work_;  // where no process could be made
  pid_t child_ = -1;
  int alive_ = -1;  // the kernel closes it when this process is gone
  bool done_ = false;
};

}  // namespace migrate::ops
