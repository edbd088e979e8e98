/// \file
/// Edits shown as the lines they would make: "~" changed, "+" new, "-" gone.
#pragma once

#include <span>
#include <string>
#include <vector>

#include <migrate/base/diagnostic.hpp>

#include "ui/snippet.hpp"

namespace migrate::ui {

/// Edits of one source, in any order; of those that overlap the first counts. Lines that stay stand with "|" where
/// a new line would otherwise hang in the air.
std::vector<std::string> render_patch(const Source& source, std::span<const Edit> edits, const SnippetLayout& layout,
                                      const Style& style);

/// The greatest line number that render_patch() would show.
std::size_t last_line_of_patch(const Source& source, std::span<const Edit> edits);

}  // namespace migrate::ui
