/// \file
/// The values of a header's keys.
#pragma once

#include <migrate/base/diagnostic.hpp>
#include <migrate/base/source.hpp>
#include <migrate/revision/revision_file.hpp>

#include "revision/header_key.hpp"

namespace migrate::revision {

/// Reads a key's value into `header`. Returns what is wrong with it; the good part is kept.
Diagnostics read_value(const SourcePtr& source, HeaderKey key, const KeyLine& line, Header& header);

}  // namespace migrate::revision
