/// \file
/// What looks like a secret in a text, and texts that may be shown.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/source.hpp>

namespace migrate::config {

/// The passwords within connection strings, and what follows `password =`, wherever they stand in the text.
std::vector<ByteRange> find_secret_shapes(std::string_view text);

/// Is a value of this name one that settings files must not hold: a password, or a database's URL?
bool is_secret_name(std::string_view name);

/// Sorted, and joined where they touch.
std::vector<ByteRange> merged(std::vector<ByteRange> ranges);

/// Each range replaced by "***". Requires: merged.
std::string with_stars(std::string_view text, const std::vector<ByteRange>& hidden);

/// A source as it may be shown in a diagnostic. Lines keep their numbers.
class RedactedSource {
 public:
  RedactedSource(const Source& source, std::vector<ByteRange> hidden);

  [[nodiscard]] const SourcePtr& source() const { return shown_; }
  /// Where a range of the original is in the shown text.
  [[nodiscard]] ByteRange map(ByteRange original) const;
  [[nodiscard]] bool hides_any_of(ByteRange original) const;

 private:
  struct Hidden {
    ByteRange original;
    ByteRange starred;    // where its stars are in the shown text
    std::size_t resumes;  // where the shown text goes on, past the line ends that were hidden
  };
  [[nodiscard]] const Hidden* last_before(std::size_t offset) const;

  std::vector<Hidden> hidden_;
  SourcePtr shown_;
};

}  // namespace migrate::config
