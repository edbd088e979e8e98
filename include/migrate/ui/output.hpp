/// \file
/// Where answers, progress and trouble go: the answer to stdout, all else to stderr, or everything into one JSON
/// object.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <migrate/base/diagnostic.hpp>
#include <migrate/base/exit_code.hpp>
#include <migrate/base/result.hpp>
#include <migrate/config/database_url.hpp>
#include <migrate/ops/observer.hpp>
#include <migrate/ui/style.hpp>

namespace migrate::ui {

enum class Format { human, json, jsonl, sarif, github, gitlab };

/// The formats of code hosts: they hold diagnostics, and nothing else.
constexpr bool is_report(Format format) {
  return format == Format::sarif || format == Format::github || format == Format::gitlab;
}

struct OutputOptions {
  Format format = Format::human;
  bool markdown = false;  ///< of the human format: the answer is for a page of a code host
  Style out, err;
  bool quiet = false;   ///< -q: errors only
  int verbosity = 0;    ///< -v: statements and timings; -vv: SQL sent, notices
  std::string command;  ///< "upgrade": for JSON
  /// Hides in diagnostics what the command line holds and nobody should see; none: it holds nothing of the kind.
  std::optional<config::SecretMask> mask;
};

/// One invocation's output. Every renderer is a function `ExitCode show(Output&, Result<...>)` in a file of its own.
class Output {
 public:
  explicit Output(OutputOptions options) : options_(std::move(options)) {}

  [[nodiscard]] const OutputOptions& options() const { return options_; }
  [[nodiscard]] bool human() const { return options_.format == Format::human; }

  /// Human format: to stderr at once (not if quiet and no error). JSON: kept for the envelope.
  void report(Diagnostic diagnostic);
  /// An empty line stands after each that shows a piece of text, where another follows.
  void report(const Diagnostics& diagnostics);
  /// A line of progress: stderr, human format, not if quiet.
  void progress(std::string_view line);
  /// The answer of a verb in human format: stdout.
  void text(std::string_view answer);

  /// Reports the failure and, in JSON, writes an envelope without an answer. Returns its exit code.
  ExitCode fail(const Failure& failure);

  /// At the end: where an answer could not be written (a full disk behind `> file`), says so, and makes `usage` of
  /// `ok`.
  ExitCode finish(ExitCode exit_code);

  [[nodiscard]] const Diagnostics& reported() const { return reported_; }

 private:
  OutputOptions options_;
  Diagnostics reported_;
  int unwritten_ = 0;  // errno of the first answer that could not be written
};

/// What happens while a verb works, shown as the format and the terminal ask: a live line, a line per event, records.
std::unique_ptr<ops::Observer> make_observer(Output& output);

}  // namespace migrate::ui
