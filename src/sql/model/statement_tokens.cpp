#include "sql/model/statement_tokens.hpp"

#include <algorithm>

#include <migrate/base/text.hpp>

namespace migrate::sql {

StatementTokens::StatementTokens(std::string_view source, ByteRange statement, std::span<const Token> tokens)
    : source_(source), begin_(statement.begin) {
  tokens_.reserve(tokens.size());
  std::vector<std::size_t> open;
  for (const Token& token : tokens) {
    if (token.kind == TokenKind::comment) continue;
    const std::size_t index = tokens_.size();
    const std::string_view mark = token.range.of(source);
    tokens_.push_back(token);
    closings_.push_back(index);
    if (mark == "(" || mark == "[") open.push_back(index);
    if ((mark == ")" || mark == "]") && !open.empty()) {
      closings_[open.back()] = index;
      open.pop_back();
    }
  }
}

std::size_t StatementTokens::at(std::int32_t location) const {
  if (location <= 0) return size();
  const std::size_t place = begin_ + static_cast<std::size_t>(location);
  const auto token = std::lower_bound(tokens_.begin(), tokens_.end(), place,
                                      [](const Token& t, std::size_t value) { return t.range.begin < value; });
  return static_cast<std::size_t>(token - tokens_.begin());
}

ByteRange StatementTokens::range(std::size_t first, std::size_t last) const {
  last = std::min(last, size());
  if (first >= last) return {};
  return {tokens_[first].range.begin, tokens_[last - 1].range.end};
}

std::string_view StatementTokens::text(std::size_t index) const {
  return index < size() ? tokens_[index].range.of(source_) : std::string_view();
}

bool StatementTokens::is_word(std::size_t index, std::string_view word) const {
  return index < size() && tokens_[index].kind == TokenKind::word && equals_ignoring_case(text(index), word);
}

bool StatementTokens::is_name(std::size_t index) const {
  return index < size() &&
         (tokens_[index].kind == TokenKind::word || tokens_[index].kind == TokenKind::quoted_identifier);
}

bool StatementTokens::is_string(std::size_t index) const {
  return index < size() && tokens_[index].kind == TokenKind::string;
}

std::size_t StatementTokens::after(std::size_t index) const { return index < size() ? closings_[index] + 1 : size(); }

std::size_t StatementTokens::after_name(std::size_t index) const {
  if (!is_name(index)) return index;
  ++index;
  while (is(index, ".") && is_name(index + 1)) index += 2;
  return index;
}

std::size_t StatementTokens::item_end(std::size_t index) const {
  while (index < size() && !is(index, ",") && !is(index, ")") && !is(index, "]") && !is(index, ";")) {
    index = after(index);
  }
  return index;
}

std::size_t StatementTokens::find_word(std::string_view word, std::size_t from, std::size_t to) const {
  for (; from < to && from < size(); from = after(from)) {
    if (is_word(from, word)) return from;
  }
  return to;
}

std::size_t StatementTokens::find(std::string_view mark, std::size_t from, std::size_t to) const {
  for (; from < to && from < size(); from = after(from)) {
    if (is(from, mark)) return from;
  }
  return to;
}

std::vector<std::size_t> StatementTokens::items(std::size_t index) const {
  std::vector<std::size_t> begins;
  while (index < size() && !is(index, ")")) {
    begins.push_back(index);
    index = item_end(index);
    if (!is(index, ",")) break;
    ++index;
  }
  return begins;
}

std::size_t StatementTokens::skip(std::size_t index, std::string_view words) const {
  const auto wanted = split(words, ' ');
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!is_word(index + i, wanted[i])) return index;
  }
  return index + wanted.size();
}

std::size_t StatementTokens::after_head(std::initializer_list<std::string_view> words) const {
  std::size_t index = 0;
  for (const std::string_view each : words) index = skip(index, each);
  return index;
}

}  // namespace migrate::sql
