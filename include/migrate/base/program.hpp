/// \file
/// Other programs, run without a shell.
#pragma once

#include <functional>
#include <optional>
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
  std::string_view input = {};  ///< its standard input
  /// Once raised, the program gets SIGINT, and SIGTERM where that does not end it within 10 s. Must outlive the run.
  const Interrupt* interrupt = nullptr;
};

struct ProgramEnd {
  int exit_code = -1;             ///< 128 + signal of a killed one
  bool interrupted = false;       ///< it was told to end
  std::string output, complaint;  ///< standard output and standard error

  [[nodiscard]] bool ok() const { return exit_code == 0; }
};

/// Runs it to its end. Errors: `cannot-run-program` with the system's reason.
Result<ProgramEnd> run_program(const Program& program);

/// What of the writer's text goes on to the reader: called with each piece, and with an empty one at the end. None at
/// the end: the text was not what it should be.
using PipelineFilter = std::function<std::optional<std::string>(std::string_view piece)>;

struct Pipeline {
  Program writer, reader;
  std::string_view before;  ///< what the reader is given before the writer's text
  std::string_view after;   ///< and behind it
  PipelineFilter filter = {};
};

struct PipelineEnd {
  ProgramEnd writer, reader;
  bool complete = false;      ///< the reader was given everything, `after` too
  bool reader_first = false;  ///< the reader ended before that: how the writer ended then says nothing
};

/// Runs two programs at once, one of which reads what the other one writes. Where the writer does not end well, or this
/// process is killed, the reader's input just ends, without `after`. The reader's interrupt is that of both; `input` of
/// neither counts. Errors: `cannot-run-program`.
Result<PipelineEnd> run_pipeline(const Pipeline& pipeline);

}  // namespace migrate
