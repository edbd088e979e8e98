#include "sql/token_cursor.hpp"

#include <algorithm>

#include <migrate/base/text.hpp>

namespace migrate::sql {

const Token* TokenCursor::token(std::size_t ahead) const {
  return next_ + ahead < tokens_.size() ? &tokens_[next_ + ahead] : nullptr;
}

std::string_view TokenCursor::peek(std::size_t ahead) const {
  const Token* next = token(ahead);
  return next ? next->range.of(text_) : std::string_view();
}

std::string TokenCursor::word(std::size_t ahead) const {
  const Token* next = token(ahead);
  return next && next->kind == TokenKind::word ? to_lower_ascii(next->range.of(text_)) : std::string();
}

bool TokenCursor::is_name(std::size_t ahead) const {
  const Token* next = token(ahead);
  return next && (next->kind == TokenKind::word || next->kind == TokenKind::quoted_identifier);
}

bool TokenCursor::is_string(std::size_t ahead) const {
  const Token* next = token(ahead);
  return next && next->kind == TokenKind::string;
}

bool TokenCursor::take(std::string_view words) {
  const auto wanted = split(words, ' ');
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (word(i) != wanted[i]) return false;
  }
  advance(wanted.size());
  return true;
}

bool TokenCursor::take_any(std::initializer_list<std::string_view> alternatives) {
  return std::any_of(alternatives.begin(), alternatives.end(), [this](std::string_view words) { return take(words); });
}

void TokenCursor::pass_group() {
  if (peek() != "(") return;
  std::size_t depth = 0;
  do {
    if (peek() == "(") ++depth;
    if (peek() == ")") --depth;
    advance();
  } while (depth > 0 && !at_end());
}

std::string TokenCursor::take_name() {
  if (!is_name()) return {};
  std::string name(peek());
  advance();
  while (peek() == "." && (is_name(1) || peek(1) == "*")) {
    name += '.';
    name += peek(1);
    advance(2);
  }
  return name;
}

bool TokenCursor::move_to(std::initializer_list<std::string_view> words) {
  while (!at_end()) {
    if (peek() == "(") {
      pass_group();
      continue;
    }
    if (std::find(words.begin(), words.end(), word()) != words.end()) return true;
    advance();
  }
  return false;
}

}  // namespace migrate::sql
