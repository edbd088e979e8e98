/// \file
/// Comment lines that mean something: `-- migrate:WORD arguments`.
#pragma once

#include <optional>
#include <string_view>

#include <migrate/base/diagnostic.hpp>
#include <migrate/base/source.hpp>

namespace migrate::revision {

struct Marker {
  enum class Kind { upgrade, downgrade, allow, batch, assert_, unknown };
  Kind kind = Kind::unknown;
  ByteRange line;  ///< the whole line without its end
  ByteRange word;
  ByteRange arguments;             ///< the rest of the line, trimmed
  bool blank_before_word = false;  ///< `-- migrate: upgrade`

  [[nodiscard]] bool opens_section() const { return kind == Kind::upgrade || kind == Kind::downgrade; }
};

/// The marker that a comment line is, upper and lower case alike. With a blank after the colon only a bare section
/// word is taken for one: other such comments are prose.
std::optional<Marker> marker_of(std::string_view text, ByteRange line, ByteRange comment);

/// `unknown-section`, with the nearest word that there is.
Diagnostic unknown_marker(const SourcePtr& source, const Marker& marker);

}  // namespace migrate::revision
