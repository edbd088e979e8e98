#include "ui/reports.hpp"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include <migrate/base/digest.hpp>
#include <migrate/base/text.hpp>

#include "ui/json.hpp"

namespace migrate::ui {
namespace {

/// What a workflow command would read as its own end or separator.
std::string escaped(std::string_view text, bool property) {
  std::string result;
  for (const char c : text) {
    const bool separates = property && (c == ':' || c == ',');
    if (c == '%' || c == '\r' || c == '\n' || separates) {
      result += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    } else {
      result += c;
    }
  }
  return result;
}

std::string whole_text(const Diagnostic& diagnostic) {
  std::string text = diagnostic.message;
  for (const auto& note : diagnostic.notes) text += fmt::format("\n{}: {}", note.label, note.text);
  for (const auto& help : diagnostic.helps) text += "\nhelp: " + help.message;
  return text;
}

std::string_view github_command(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::note: return "notice";
  }
  return "error";
}

std::string_view gitlab_severity(Severity severity) {
  switch (severity) {
    case Severity::error: return "major";
    case Severity::warning: return "minor";
    case Severity::note: return "info";
  }
  return "major";
}

}  // namespace

ReportedPlace place_of(const Diagnostic& diagnostic) {
  if (!diagnostic.primary || !diagnostic.primary->source) return {.path = diagnostic.file, .begin = {}, .end = {}};
  const auto& [source, range, text] = *diagnostic.primary;
  return {.path = source->path(),
          .has_region = true,
          .begin = source->line_column({range.begin}),
          .end = source->line_column({std::max(range.begin, range.end)})};
}

std::vector<std::string> fingerprints(std::span<const Diagnostic> diagnostics) {
  std::vector<std::string> result;
  std::map<std::string, std::size_t> seen;
  for (const auto& diagnostic : diagnostics) {
    const auto place = place_of(diagnostic);
    std::string_view line;
    if (place.has_region) {
      const auto& source = *diagnostic.primary->source;
      line = trim(source.text(source.line_range(place.begin.line)));
    }
    const std::string key = fmt::format("{}\n{}\n{}\n{}", diagnostic.id, place.path, diagnostic.message, line);
    // The same line twice in a file: the second is the second.
    result.push_back(sha256_hex(fmt::format("{}\n{}", key, seen[key]++)));
  }
  return result;
}

std::string render_github(std::span<const Diagnostic> diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics) {
    const auto place = place_of(diagnostic);
    std::vector<std::string> properties;
    if (!place.path.empty()) properties.push_back("file=" + escaped(place.path, true));
    if (place.has_region) {
      properties.push_back(fmt::format("line={}", place.begin.line));
      properties.push_back(fmt::format("endLine={}", place.end.line));
      if (place.begin.line == place.end.line) {
        properties.push_back(fmt::format("col={}", place.begin.column));
        properties.push_back(fmt::format("endColumn={}", place.end.column));
      }
    }
    if (!diagnostic.id.empty()) properties.push_back("title=" + escaped(diagnostic.id, true));
    text += fmt::format("::{} {}::{}\n", github_command(diagnostic.severity), fmt::join(properties, ","),
                        escaped(whole_text(diagnostic), false));
  }
  return text;
}

std::string render_gitlab(std::span<const Diagnostic> diagnostics) {
  Json report = Json::array();
  const auto prints = fingerprints(diagnostics);
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    const auto& diagnostic = diagnostics[i];
    const auto place = place_of(diagnostic);
    report.push_back({{"description", diagnostic.message},
                      {"check_name", diagnostic.id},
                      {"fingerprint", prints[i]},
                      {"severity", gitlab_severity(diagnostic.severity)},
                      {"location",
                       {{"path", place.path.empty() ? "." : place.path},
                        {"lines", {{"begin", place.begin.line}, {"end", place.end.line}}}}}});
  }
  return dump(report, false);
}

std::string render_report(Format format, std::span<const Diagnostic> diagnostics) {
  switch (format) {
    case Format::sarif: return render_sarif(diagnostics);
    case Format::github: return render_github(diagnostics);
    default: return render_gitlab(diagnostics);
  }
}

}  // namespace migrate::ui
