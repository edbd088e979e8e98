// Edits put into texts.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <migrate/base/diagnostic.hpp>

namespace migrate::ops {

struct FixedText {
  std::string text;
  std::size_t fixes = 0;
};

// Each fix is done whole or not at all; of those that touch one another the first is done. Edits of other sources don't
// count.
FixedText apply_fixes(const SourcePtr& source, std::span<const std::vector<Edit>* const> fixes);

}  // namespace migrate::ops
