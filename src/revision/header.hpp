/// \file
/// The comment lines before the first section.
#pragma once

#include <cstddef>
#include <optional>

#include <migrate/base/diagnostic.hpp>
#include <migrate/base/source.hpp>
#include <migrate/revision/revision_file.hpp>

#include "revision/marker.hpp"

namespace migrate::revision {

struct ParsedHeader {
  Header header;
  std::optional<Marker> first_section;   ///< where it ends; none: the file has no section
  std::optional<ByteRange> text_before;  ///< the first line before it that is no comment
  Diagnostics diagnostics;
};

ParsedHeader parse_header(const SourcePtr& source);

}  // namespace migrate::revision
