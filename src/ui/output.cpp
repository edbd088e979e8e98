#include <migrate/ui/output.hpp>

#include <cstdio>

#include <fmt/format.h>

#include <migrate/ui/diagnostic_text.hpp>

#include "ui/answer.hpp"

namespace migrate::ui {
namespace {

void write(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
  std::fflush(stream);
}

bool shows(const OutputOptions& options, const Diagnostic& diagnostic) {
  return options.format == Format::human && !(options.quiet && diagnostic.severity != Severity::error);
}

}  // namespace

void Output::report(Diagnostic diagnostic) {
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

void Output::text(std::string_view answer) { write(stdout, answer); }

ExitCode Output::fail(const Failure& failure) {
  report(failure.diagnostics);
  if (!human()) answer(*this, Json::object(), failure.exit_code);
  return failure.exit_code;
}

}  // namespace migrate::ui
