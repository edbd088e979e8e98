/// \file
/// What changes from run to run, replaced by placeholders. The list is in README.md.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace golden {

class Normalizer {
 public:
  /// `names`: placeholders and the texts they stand for, longer texts before those that are part of them.
  Normalizer(std::vector<std::pair<std::string, std::string>> names, std::chrono::system_clock::time_point start)
      : names_(std::move(names)), start_(start) {}

  /// Of one line that a command wrote. `exact`: durations stay.
  [[nodiscard]] std::string normalize(std::string_view line, bool exact = false) const;
  /// The other way round, for what goes into a command: only names.
  [[nodiscard]] std::string resolve(std::string text) const;

 private:
  std::vector<std::pair<std::string, std::string>> names_;
  std::chrono::system_clock::time_point start_;
};

}  // namespace golden
