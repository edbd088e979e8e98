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

}  // namespace

void Output::report(Diagnostic diagnostic) {
  if (human() && !(options_.quiet && diagnostic.severity != Severity::error)) {
    write(stderr, render_diagnostic(diagnostic, options_.err));
  }
  reported_.push_back(std::move(diagnostic));
}

void Output::report(const Diagnostics& diagnostics) {
  for (const auto& diagnostic : diagnostics) report(diagnostic);
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
