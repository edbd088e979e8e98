/// \file
/// Other programs, run without a shell.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <migrate/base/interrupt.hpp>
#include <migrate/base/result.hpp>

namespace migrate {

struct Program {
  std::vector<std::string> words;  ///< the program (looked for in PATH where it has no slash) and its arguments
  /// Added to this process's environment: the place for secrets, which a list of processes shows of arguments.
  std::vector<std::pair<std::string, std::string>> environment = {};
  std::string_view input = {};     ///< its standard input
  /// Once raised, the program gets SIGINT, and SIGTERM where that does not end it within 10 s. Must outlive the run.
  const Interrupt* interrupt = nullptr;
};

struct ProgramEnd {
  int exit_code = -1;              ///< 128 + signal of a killed one
  bool interrupted = false;        ///< it was told to end
  std::string output, complaint;   ///< standard output and standard error

  [[nodiscard]] bool ok() const { return exit_code == 0; }
};

/// Runs it to its end. Errors: `cannot-run-program` with the system's reason.
Result<ProgramEnd> run_program(const Program& program);

struct PipelineEnd {
  ProgramEnd writer, reader;
  bool complete = false;  ///< the reader was given everything, `after` too
};

/// Runs two programs at once: the reader's standard input is `before`, all that the writer writes, and, where the writer
/// ended well, `after`. Otherwise, and where this process is killed, the input just ends. The reader's interrupt is that
/// of both; `input` of neither counts. Errors: `cannot-run-program`.
Result<PipelineEnd> run_pipeline(const Program& writer, const Program& reader, std::string_view before,
                                 std::string_view after);

}  // namespace migrate
