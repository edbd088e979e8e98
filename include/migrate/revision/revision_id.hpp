/// \file
/// A revision's identifier: `[A-Za-z0-9_.]+`, of any length, and none of the words of targets.
#pragma once

#include <compare>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace migrate::revision {

class RevisionId {
 public:
  RevisionId() = default;
  /// Requires: is_valid(text).
  explicit RevisionId(std::string text) : text_(std::move(text)) {}
  /// Labels are of the same characters.
  static bool is_valid(std::string_view text);

  [[nodiscard]] const std::string& str() const { return text_; }
  [[nodiscard]] bool empty() const { return text_.empty(); }
  auto operator<=>(const RevisionId&) const = default;

 private:
  std::string text_;
};

/// head, heads, base, current: words that targets are made of, so neither ids nor labels.
bool is_target_word(std::string_view text);

/// Twelve hex digits made of `random` (the caller brings the randomness: this room is pure).
RevisionId make_revision_id(unsigned long long random);

}  // namespace migrate::revision

template <>
struct std::hash<migrate::revision::RevisionId> {
  std::size_t operator()(const migrate::revision::RevisionId& id) const noexcept {
    return std::hash<std::string>{}(id.str());
  }
};
