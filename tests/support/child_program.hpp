/// \file
/// A program that runs beside the test, to be sent signals.
#pragma once

#include <chrono>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace migrate::test {

struct ChildEnd {
  int exit_code = -1;  ///< 128 + signal of a killed one
  std::string output;  ///< standard output and standard error, as they came
};

class ChildProgram {
 public:
  /// `environment` is the whole of it. Throws std::runtime_error where it can't be started.
  ChildProgram(std::vector<std::string> words, const std::vector<std::pair<std::string, std::string>>& environment,
               const std::filesystem::path& folder);
  /// Kills it.
  ~ChildProgram();
  ChildProgram(const ChildProgram&) = delete;
  ChildProgram& operator=(const ChildProgram&) = delete;

  /// From any thread; nothing where it has ended.
  void signal(int number);
  /// Whether it ends within the time.
  bool ends_within(std::chrono::milliseconds time);
  /// Throws std::runtime_error with its output where it takes longer.
  ChildEnd wait(std::chrono::milliseconds limit);
  /// So far.
  [[nodiscard]] std::string output() const;

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> output_;
  std::mutex mutex_;  // of pid_: a signal must not meet another process of the same number
  pid_t pid_ = -1;
  int pidfd_ = -1;
  int status_ = 0;
};

}  // namespace migrate::test
