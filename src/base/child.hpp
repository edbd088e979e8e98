// A program that runs beside this one.
#pragma once

#include <migrate/base/program.hpp>

#include <sys/types.h>

#include <chrono>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace migrate {

using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

// A temporary file without a name, so that neither side ever waits for the other. Null: none can be made.
File scratch_file(std::string_view content = {});
std::string read_all(std::FILE* file);

struct Streams {
  int in, out, complaint;
};

Unexpected<Failure> cannot_run(const Program& program, int reason);

// Errors: `cannot-run-program`.
Result<pid_t> start_child(const Program& program, const Streams& streams);

// Tells it to end, more firmly the longer it takes.
class Ending {
 public:
  explicit Ending(pid_t child) : child_(child) {}
  void begin();
  // To be called now and then.
  void insist();
  [[nodiscard]] bool begun() const { return begun_; }

 private:
  pid_t child_;
  bool begun_ = false, firm_ = false;
  std::chrono::steady_clock::time_point since_;
};

// Waits for its end. The exit code, or 128 + the signal that ended it.
int wait_for_end(pid_t child, const Interrupt* interrupt, Ending& ending);

}  // namespace migrate
