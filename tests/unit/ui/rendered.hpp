/// \file
/// What the tests of rendered diagnostics share.
#pragma once

#include <string>
#include <string_view>

#include <migrate/ui/diagnostic_text.hpp>

#include "support/catch.hpp"

namespace migrate::ui {

inline ByteRange range_of(const SourcePtr& source, std::string_view text) {
  const auto begin = source->text().find(text);
  REQUIRE(begin != std::string_view::npos);
  return {begin, begin + text.size()};
}

/// With a line break before it, so that expected texts can begin on a line of their own.
inline std::string rendered(const Diagnostic& diagnostic, std::string_view base_directory = {}) {
  return "\n" + render_diagnostic(diagnostic, {}, base_directory);
}

inline Style live(std::size_t width) {
  Style style;
  style.live = true;
  style.width = width;
  return style;
}

}  // namespace migrate::ui
