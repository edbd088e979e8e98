#include "ops/lint/fixes.hpp"

#include <algorithm>

namespace migrate::ops {
namespace {

/// Two insertions at one place touch: nobody knows which comes first.
bool touch(ByteRange a, ByteRange b) {
  if (a.begin == b.begin) return true;
  return a.begin < b.begin ? b.begin < a.end : a.begin < b.end;
}

bool is_possible(const SourcePtr& source, const std::vector<Edit>& fix) {
  return !fix.empty() && std::all_of(fix.begin(), fix.end(), [&](const Edit& edit) {
    return edit.source == source && edit.range.begin <= edit.range.end && edit.range.end <= source->text().size();
  });
}

/// A file keeps the line ends that it has.
std::string with_line_ends_of(std::string_view text, const std::string& replacement) {
  const std::size_t first = text.find('\n');
  if (first == std::string_view::npos || first == 0 || text[first - 1] != '\r') return replacement;
  std::string result;
  for (const char c : replacement) {
    if (c == '\n' && !result.ends_with('\r')) result += '\r';
    result += c;
  }
  return result;
}

}  // namespace

FixedText apply_fixes(const SourcePtr& source, std::span<const std::vector<Edit>* const> fixes) {
  std::vector<const Edit*> chosen;
  FixedText result;
  for (const auto* fix : fixes) {
    if (!is_possible(source, *fix)) continue;
    const bool free = std::none_of(fix->begin(), fix->end(), [&](const Edit& edit) {
      return std::any_of(chosen.begin(), chosen.end(),
                         [&](const Edit* other) { return touch(edit.range, other->range); });
    });
    if (!free) continue;
    for (const auto& edit : *fix) chosen.push_back(&edit);
    ++result.fixes;
  }
  std::sort(chosen.begin(), chosen.end(), [](const Edit* a, const Edit* b) { return a->range < b->range; });
  std::size_t at = 0;
  for (const auto* edit : chosen) {
    result.text += source->text({at, std::max(at, edit->range.begin)});
    result.text += with_line_ends_of(source->text(), edit->replacement);
    at = std::max(at, edit->range.end);
  }
  result.text += source->text({at, source->text().size()});
  return result;
}

}  // namespace migrate::ops
