/// \file
/// Other programs, run without a shell.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <migrate/base/result.hpp>

namespace migrate {

struct Program {
  std::vector<std::string> words;  ///< the program (looked for in PATH where it has no slash) and its arguments
  /// Added to this process's environment: the place for secrets, which a list of processes shows of arguments.
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::string_view input = {};     ///< its standard input
};

struct ProgramEnd {
  int exit_code = -1;              ///< 128 + signal of a killed one
  std::string output, complaint;   ///< standard output and standard error

  [[nodiscard]] bool ok() const { return exit_code == 0; }
};

/// Runs it to its end. Errors: `cannot-run-program` with the system's reason.
Result<ProgramEnd> run_program(const Program& program);

}  // namespace migrate
