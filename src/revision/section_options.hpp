/// \file
/// What follows the word on a section's marker line.
#pragma once

#include <optional>

#include <migrate/base/diagnostic.hpp>
#include <migrate/base/source.hpp>
#include <migrate/revision/revision_file.hpp>

#include "revision/marker.hpp"

namespace migrate::revision {

struct ParsedOptions {
  SectionOptions options;
  std::optional<ByteRange> irreversible;  ///< the word, if it stands there
  std::string reason;                     ///< the rest of the line after it
  Diagnostics diagnostics;
};

ParsedOptions parse_section_options(const SourcePtr& source, const Marker& marker);

}  // namespace migrate::revision
