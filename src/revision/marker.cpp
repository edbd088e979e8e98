#include "revision/marker.hpp"

#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "revision/text_scan.hpp"

namespace migrate::revision {
namespace {

constexpr std::string_view prefix = "migrate:";

struct Word {
  std::string_view text;
  Marker::Kind kind;
};
constexpr std::array<Word, 7> words = {{{"upgrade", Marker::Kind::upgrade},
                                        {"up", Marker::Kind::upgrade},
                                        {"downgrade", Marker::Kind::downgrade},
                                        {"down", Marker::Kind::downgrade},
                                        {"allow", Marker::Kind::allow},
                                        {"batch", Marker::Kind::batch},
                                        {"assert", Marker::Kind::assert_}}};

Marker::Kind kind_of(std::string_view word) {
  for (const auto& known : words) {
    if (equals_ignoring_case(known.text, word)) return known.kind;
  }
  return Marker::Kind::unknown;
}

}  // namespace

std::optional<Marker> marker_of(std::string_view text, ByteRange line, ByteRange comment) {
  if (!equals_ignoring_case(comment.of(text).substr(0, prefix.size()), prefix)) return std::nullopt;
  const ByteRange rest{comment.begin + prefix.size(), comment.end};
  Marker marker;
  marker.line = line;
  marker.word = first_word(text, rest);
  if (marker.word.empty()) return std::nullopt;
  marker.kind = kind_of(marker.word.of(text));
  marker.arguments = trimmed(text, {marker.word.end, rest.end});
  marker.blank_before_word = marker.word.begin > rest.begin;
  if (marker.blank_before_word && (!marker.opens_section() || !marker.arguments.empty())) return std::nullopt;
  return marker;
}

Diagnostic unknown_marker(const SourcePtr& source, const Marker& marker) {
  if (marker.blank_before_word) {
    const ByteRange gap{marker.word.begin - 1, marker.word.end};
    return error("unknown-section", "a section marker is written without a blank after `migrate:`")
        .at(source, gap)
        .help(fmt::format("write `migrate:{}`", source->text(marker.word)));
  }
  static const std::vector<std::string> names = {"upgrade", "up", "downgrade", "down", "allow", "batch", "assert"};
  const auto word = source->text(marker.word);
  auto diagnostic =
      error("unknown-section", fmt::format("there is no section `migrate:{}`", word)).at(source, marker.word);
  if (const auto meant = nearest(word, names)) {
    return std::move(diagnostic)
        .help(fmt::format("did you mean `migrate:{}`?", *meant), {Edit{source, marker.word, *meant}});
  }
  return std::move(diagnostic)
      .help(
          "sections are `migrate:upgrade` and `migrate:downgrade`; "
          "`migrate:allow`, `batch` and `assert` stand over statements");
}

}  // namespace migrate::revision
