#include "revision/text_scan.hpp"

#include <algorithm>

namespace migrate::revision {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }

}  // namespace

Line line_at(std::string_view text, std::size_t begin) {
  const auto newline = text.find('\n', begin);
  if (newline == std::string_view::npos) return {{begin, text.size()}, text.size()};
  const bool crlf = newline > begin && text[newline - 1] == '\r';
  return {{begin, crlf ? newline - 1 : newline}, newline + 1};
}

ByteRange trimmed(std::string_view text, ByteRange range) {
  while (range.begin < range.end && is_blank(text[range.begin])) ++range.begin;
  while (range.end > range.begin && is_blank(text[range.end - 1])) --range.end;
  return range;
}

std::optional<ByteRange> comment_content(std::string_view text, ByteRange line) {
  const auto content = trimmed(text, line);
  if (content.size() < 2 || text[content.begin] != '-' || text[content.begin + 1] != '-') return std::nullopt;
  return trimmed(text, {content.begin + 2, content.end});
}

std::optional<std::size_t> block_comment_end(std::string_view text, std::size_t at) {
  std::size_t depth = 0;
  while (at + 1 < text.size()) {
    if (text[at] == '/' && text[at + 1] == '*') {
      ++depth;
      at += 2;
    } else if (text[at] == '*' && text[at + 1] == '/') {
      at += 2;
      if (--depth == 0) return at;
    } else {
      ++at;
    }
  }
  return std::nullopt;
}

std::optional<std::size_t> first_statement(std::string_view text, ByteRange range) {
  auto at = range.begin;
  while (at < range.end) {
    if (is_blank(text[at]) || text[at] == ';') {
      ++at;
    } else if (text.substr(at, 2) == "--") {
      at = line_at(text, at).next;
    } else if (text.substr(at, 2) == "/*") {
      const auto end = block_comment_end(text.substr(0, range.end), at);
      if (!end) return std::nullopt;
      at = *end;
    } else {
      return at;
    }
  }
  return std::nullopt;
}

bool is_plainly_outside(std::string_view text, std::size_t offset) {
  const auto before = text.substr(0, offset);
  for (std::size_t at = 0; at < before.size(); ++at) {
    const char c = before[at];
    const char next = at + 1 < before.size() ? before[at + 1] : '\0';
    // Backslashes may be escapes in E'' strings, or the end of COPY data; dollars may be quotes.
    if (c == '\\' || c == '$' || (c == '/' && next == '*')) return false;
    if (c == '-' && next == '-') {
      at = line_at(before, at).next - 1;
    } else if (c == '\'' || c == '"') {
      const auto literal = before.substr(at, before.find(c, at + 1) - at);
      if (at + literal.size() >= before.size() || literal.find('\\') != std::string_view::npos) return false;
      at += literal.size();
    }
  }
  return text.find("\\.", offset) == std::string_view::npos;
}

ByteRange first_word(std::string_view text, ByteRange range) {
  range = trimmed(text, range);
  const auto end = std::find_if(text.begin() + static_cast<std::ptrdiff_t>(range.begin),
                                text.begin() + static_cast<std::ptrdiff_t>(range.end), is_blank);
  return {range.begin, static_cast<std::size_t>(end - text.begin())};
}

}  // namespace migrate::revision
