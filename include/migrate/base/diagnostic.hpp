/// \file
/// The one type for everything that a user can see as trouble. Human text and JSON are rendered from it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include <migrate/base/source.hpp>

namespace migrate {

enum class Severity { note, warning, error };

/// A place in a text with a word about it. An empty range is a caret at one place.
struct Label {
  SourcePtr source;
  ByteRange range;
  std::string text;
  bool operator==(const Label&) const = default;
};

/// A line below the snippet: `= label: text`. The usual labels: note, postgres, state, found.
struct Note {
  std::string label;
  std::string text;
  bool operator==(const Note&) const = default;
};

/// A replacement of a piece of a text.
struct Edit {
  SourcePtr source;
  ByteRange range;
  std::string replacement;
  bool operator==(const Edit&) const = default;
};

/// What to do next, with the edits that would do it.
struct Help {
  std::string message;
  std::vector<Edit> edits;
  bool operator==(const Help&) const = default;
};

/// The message is lower case, has no full stop, and stands alone; `help` alone says how. The id is kebab-case, and
/// names the documentation page.
struct Diagnostic {
  Severity severity = Severity::error;
  std::string id;
  std::string message;
  std::string file;  ///< where there is a file but no text to show; `primary` has its own
  std::optional<Label> primary;
  std::vector<Label> secondary;
  std::vector<Note> notes;
  std::vector<Help> helps;
  std::string sqlstate;  ///< of a server's error, else empty

  bool operator==(const Diagnostic&) const = default;

  Diagnostic at(SourcePtr source, ByteRange range, std::string text = {}) &&;
  Diagnostic also(SourcePtr source, ByteRange range, std::string text = {}) &&;
  Diagnostic in_file(std::string path) &&;
  Diagnostic note(std::string text) &&;
  Diagnostic note(std::string label, std::string text) &&;
  Diagnostic help(std::string message) &&;
  Diagnostic help(std::string message, std::vector<Edit> edits) &&;
};

using Diagnostics = std::vector<Diagnostic>;

Diagnostic error(std::string id, std::string message);
Diagnostic warning(std::string id, std::string message);

}  // namespace migrate
