/// \file
/// A text with a name, and places in it.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace migrate {

/// An offset into a text, in bytes, from 0. libpg_query's statement and token locations are of this unit.
struct ByteOffset {
  std::size_t value = 0;
  auto operator<=>(const ByteOffset&) const = default;
};

/// An offset into a text, in characters (UTF-8 code points), from 0. A server's error position minus one is of this
/// unit, and so is libpg_query's error cursorpos minus one.
struct CharOffset {
  std::size_t value = 0;
  auto operator<=>(const CharOffset&) const = default;
};

/// A half-open range of bytes.
struct ByteRange {
  std::size_t begin = 0;
  std::size_t end = 0;

  [[nodiscard]] std::size_t size() const { return end - begin; }
  [[nodiscard]] bool empty() const { return end <= begin; }
  [[nodiscard]] std::string_view of(std::string_view text) const { return text.substr(begin, size()); }
  auto operator<=>(const ByteRange&) const = default;
};

/// A place as a person counts it: line and column from 1, the column in characters.
struct LineColumn {
  std::size_t line = 1;
  std::size_t column = 1;
  auto operator<=>(const LineColumn&) const = default;
};

/// A text and the path it came from. Byte-order marks at its begin are left out on construction; line ends stay as they
/// are. May be read by several threads at once.
class Source {
 public:
  Source(std::string path, std::string text);

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::string_view text(ByteRange range) const { return range.of(text_); }

  /// The place of the character that holds the byte; the end of the text if the offset is past it.
  [[nodiscard]] LineColumn line_column(ByteOffset offset) const;
  /// At least 1. A text that ends in a line end has an empty last line, so that its end is a place too.
  [[nodiscard]] std::size_t line_count() const;
  /// The line without its end. Requires: 1 <= line <= line_count().
  [[nodiscard]] ByteRange line_range(std::size_t line) const;

 private:
  const std::vector<std::size_t>& line_starts() const;

  std::string path_;
  std::string text_;
  // Made at the first question: most texts are never asked.
  mutable std::once_flag lines_found_;
  mutable std::vector<std::size_t> line_starts_;
};

using SourcePtr = std::shared_ptr<const Source>;

SourcePtr make_source(std::string path, std::string text);

/// The byte at which character `offset` of `text` begins; the size of the text if there are fewer. Cost: linear.
ByteOffset to_byte_offset(std::string_view text, CharOffset offset);
/// The number of characters before the one that holds byte `offset`. Cost: linear.
CharOffset to_char_offset(std::string_view text, ByteOffset offset);

}  // namespace migrate
