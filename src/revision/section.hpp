/// \file
/// The sections of a revision file: where each begins and ends, and the options on its marker line.
#pragma once

#include <optional>
#include <vector>

#include <migrate/base/diagnostic.hpp>
#include <migrate/base/source.hpp>
#include <migrate/revision/revision_file.hpp>

#include "revision/marker.hpp"

namespace migrate::revision {

struct ParsedSections {
  std::optional<Section> upgrade;
  std::optional<Section> downgrade;
  std::optional<Irreversible> irreversible;
  ByteRange downgrade_text;  ///< of a downgrade section, also an irreversible one: with its marker line
  Diagnostics diagnostics;
};

/// Reads the sections from `first` to the end of the text.
ParsedSections parse_sections(const SourcePtr& source, const Marker& first);

}  // namespace migrate::revision
