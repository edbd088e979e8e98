/// \file
/// Diagnostics and parsed values as text, so that a test compares all of one at once.
#pragma once

#include <string>
#include <string_view>

#include <fmt/format.h>

#include <migrate/base/diagnostic.hpp>
#include <migrate/base/source.hpp>

namespace migrate::test {

/// "2:4 `Revise`": where it stands and what stands there.
inline std::string place(const SourcePtr& source, ByteRange range) {
  const auto at = source->line_column({range.begin});
  return fmt::format("{}:{} `{}`", at.line, at.column, source->text(range));
}

inline std::string place(const Label& label, std::string_view path) {
  const std::string file = label.source->path() == path ? std::string() : label.source->path() + ":";
  const std::string text = label.text.empty() ? std::string() : " " + label.text;
  return file + place(label.source, label.range) + text;
}

/// A line for the message, and one each for the other places, notes and helps. Paths only where they are not `path`.
inline std::string plain(const Diagnostic& diagnostic, std::string_view path = "a.sql") {
  std::string text = fmt::format("{}: {}\n", diagnostic.id, diagnostic.message);
  if (diagnostic.primary) text += fmt::format("  at {}\n", place(*diagnostic.primary, path));
  for (const auto& label : diagnostic.secondary) text += fmt::format("  and {}\n", place(label, path));
  for (const auto& note : diagnostic.notes) text += fmt::format("  {}: {}\n", note.label, note.text);
  for (const auto& help : diagnostic.helps) {
    text += fmt::format("  help: {}\n", help.message);
    for (const auto& edit : help.edits) {
      text += fmt::format("    {} -> `{}`\n", place({edit.source, edit.range, {}}, path), edit.replacement);
    }
  }
  return text;
}

inline std::string plain(const Diagnostics& diagnostics, std::string_view path = "a.sql") {
  std::string text;
  for (const auto& diagnostic : diagnostics) text += plain(diagnostic, path);
  return text;
}

}  // namespace migrate::test
