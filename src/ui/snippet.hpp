/// \file
/// Lines of a source with marks below them.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/source.hpp>
#include <migrate/ui/style.hpp>

namespace migrate::ui {

/// A place to be marked: "^" with `role` if primary, else "-".
struct Mark {
  ByteRange range;
  std::string text;
  bool primary = true;
  Role role = Role::error;
};

/// What the snippets and patches of one diagnostic have in common.
struct SnippetLayout {
  std::size_t number_width = 2;  ///< columns of the line numbers
  std::size_t line_width = 120;  ///< columns of a source line before it is windowed
};

/// "   |", and "12 | text", "12 ~ text".
std::string gutter(const SnippetLayout& layout, const Style& style);
std::string gutter(const SnippetLayout& layout, const Style& style, std::size_t line, std::string_view sign = "|",
                   Role role = Role::dim);

/// The lines of text that a range touches, from 1; a line end at the end of the range does not touch the next line.
struct LineSpan {
  std::size_t first = 1;
  std::size_t last = 1;
};
LineSpan lines_of(const Source& source, ByteRange range);

/// The marked lines, with "..." where some between them are left out. Requires: the marks are not empty.
std::vector<std::string> render_snippet(const Source& source, std::span<const Mark> marks, const SnippetLayout& layout,
                                        const Style& style);

}  // namespace migrate::ui
