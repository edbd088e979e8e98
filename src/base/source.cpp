#include <migrate/base/source.hpp>

#include <algorithm>
#include <memory>
#include <utility>

namespace migrate {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), begins_character));
}

/// The begin of the character that holds byte `offset`; the size of the text if it is past the end.
std::size_t character_begin(std::string_view text, std::size_t offset) {
  if (offset >= text.size()) return text.size();
  while (offset > 0 && !begins_character(text[offset])) --offset;
  return offset;
}

}  // namespace

Source::Source(std::string path, std::string text) : path_(std::move(path)), text_(std::move(text)) {
  // All of them, so that a text made from a source's text is the same again.
  while (text_.starts_with(byte_order_mark)) text_.erase(0, byte_order_mark.size());
}

const std::vector<std::size_t>& Source::line_starts() const {
  std::call_once(lines_found_, [this] {
    line_starts_.push_back(0);
    for (auto at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1))
      line_starts_.push_back(at + 1);
  });
  return line_starts_;
}

LineColumn Source::line_column(ByteOffset offset) const {
  const auto at = character_begin(text_, offset.value);
  const auto& starts = line_starts();
  const auto next = std::upper_bound(starts.begin(), starts.end(), at);
  const auto line = static_cast<std::size_t>(next - starts.begin());
  const auto start = starts[line - 1];
  return {line, count_characters(text().substr(start, at - start)) + 1};
}

std::size_t Source::line_count() const { return line_starts().size(); }

ByteRange Source::line_range(std::size_t line) const {
  const auto& starts = line_starts();
  const auto begin = starts[line - 1];
  if (line == starts.size()) return {begin, text_.size()};
  auto end = starts[line] - 1;
  if (end > begin && text_[end - 1] == '\r') --end;
  return {begin, end};
}

SourcePtr make_source(std::string path, std::string text) {
  return std::make_shared<const Source>(std::move(path), std::move(text));
}

ByteOffset to_byte_offset(std::string_view text, CharOffset offset) {
  std::size_t characters = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!begins_character(text[at])) continue;
    if (characters == offset.value) return {at};
    ++characters;
  }
  return {text.size()};
}

CharOffset to_char_offset(std::string_view text, ByteOffset offset) {
  return {count_characters(text.substr(0, character_begin(text, offset.value)))};
}

}  // namespace migrate
