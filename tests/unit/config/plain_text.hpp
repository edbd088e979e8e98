/// \file
/// Diagnostics as plain text, with everything that a renderer could show of them.
#pragma once

#include <algorithm>
#include <string>

#include <fmt/format.h>

#include <migrate/base/result.hpp>

namespace migrate::test {

inline std::string plain_place(const Label& label) {
  const auto place = label.source->line_column({label.range.begin});
  const auto line = label.source->line_range(place.line);
  const auto end = std::min(label.range.end, line.end);
  const auto width = end > label.range.begin ? end - label.range.begin : 1;
  return fmt::format("  --> {}:{}:{}\n  | {}\n  | {}{}\n", label.source->path(), place.line, place.column,
                     label.source->text(line), std::string(label.range.begin - line.begin, ' '),
                     std::string(width, '^'));
}

inline std::string plain_text(const Diagnostics& diagnostics) {
  std::string text;
  for (const auto& diagnostic : diagnostics) {
    text += fmt::format("{}[{}]: {}\n", diagnostic.severity == Severity::error ? "error" : "warning", diagnostic.id,
                        diagnostic.message);
    if (diagnostic.primary) text += plain_place(*diagnostic.primary);
    for (const auto& label : diagnostic.secondary) text += plain_place(label);
    for (const auto& note : diagnostic.notes) text += fmt::format("  = {}: {}\n", note.label, note.text);
    for (const auto& help : diagnostic.helps) text += fmt::format("help: {}\n", help.message);
  }
  return text;
}

template <class T>
std::string plain_text(const Result<T>& result) {
  return result ? std::string("no error") : plain_text(result.error().diagnostics);
}

/// All of it, and the whole of every text that a renderer could quote lines of.
inline std::string everything_shown(const Diagnostics& diagnostics) {
  auto text = plain_text(diagnostics);
  for (const auto& diagnostic : diagnostics) {
    text += diagnostic.file;
    if (diagnostic.primary) text.append(diagnostic.primary->text).append(diagnostic.primary->source->text());
    for (const auto& label : diagnostic.secondary) text.append(label.text).append(label.source->text());
    for (const auto& help : diagnostic.helps)
      for (const auto& edit : help.edits) text.append(edit.replacement).append(edit.source->text());
  }
  return text;
}

}  // namespace migrate::test
