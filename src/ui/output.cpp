#include <migrate/ui/output.hpp>

#include <cerrno>
#include <cstdio>

#include <fmt/format.h>

#include <migrate/base/system_error.hpp>
#include <migrate/ui/diagnostic_text.hpp>

#include "ui/answer.hpp"

namespace migrate::ui {
namespace {

// The system's number of what went wrong; 0: nothing.
int write(std::FILE* stream, std::string_view text) {
  const bool whole = std::fwrite(text.data(), 1, text.size(), stream) == text.size();
  return std::fflush(stream) == 0 && whole ? 0 : errno;
}

bool shows(const OutputOptions& options, const Diagnostic& diagnostic) {
  return options.format == Format::human && !(options.quiet && diagnostic.severity != Severity::error);
}

// Texts of files stay as they are: places in them, and edits, are counted in their bytes.
Diagnostic masked(Diagnostic diagnostic, const config::SecretMask& mask) {
  diagnostic.message = mask.apply(diagnostic.message);
  diagnostic.file = mask.apply(diagnostic.file);
  for (auto& note : diagnostic.notes) note.text = mask.apply(note.text);
  for (auto& help : diagnostic.helps) help.message = mask.apply(help.message);
  return diagnostic;
}

}  // namespace

void Output::report(Diagnostic diagnostic) {
  if (options_.mask) diagnostic = masked(std::move(diagnostic), *options_.mask);
  if (shows(options_, diagnostic)) write(stderr, render_diagnostic(diagnostic, options_.err));
  reported_.push_back(std::move(diagnostic));
}

void Output::report(const Diagnostics& diagnostics) {
  bool after_snippet = false;
  for (const auto& diagnostic : diagnostics) {
    const bool shown = shows(options_, diagnostic);
    if (shown && after_snippet) write(stderr, "\n");
    if (shown) after_snippet = diagnostic.primary.has_value();
    report(diagnostic);
  }
}

void Output::progress(std::string_view line) {
  if (human() && !options_.quiet) write(stderr, fmt::format("{}\n", line));
}

void Output::text(std::string_view answer) {
  const int problem = write(stdout, answer);
  if (unwritten_ == 0) unwritten_ = problem;
}

ExitCode Output::finish(ExitCode exit_code) {
  if (unwritten_ == 0) return exit_code;
  auto problem = error("answer-not-written", fmt::format("the answer could not be written: {}", reason_of(unwritten_)));
  if (exit_code == ExitCode::ok) {
    problem = std::move(problem).note("state", "what was asked for is done; its answer is cut short");
  }
  write(stderr, render_diagnostic(problem, options_.err));
  return exit_code == ExitCode::ok ? ExitCode::usage : exit_code;
}

ExitCode Output::fail(const Failure& failure) {
  report(failure.diagnostics);
  if (!human()) answer(*this, Json::object(), failure.exit_code);
  return failure.exit_code;
}

}  // namespace migrate::ui
