#include "sql/statement_shape.hpp"

#include <migrate/base/text.hpp>

namespace migrate::sql {

bool StatementShape::is_end(const Token& token, std::string_view text) const {
  return parentheses_ == 0 && blocks_ == 0 && token.kind == TokenKind::punctuation && token.range.of(text) == ";";
}

void StatementShape::add(const Token& token, std::string_view text) {
  if (token.kind == TokenKind::word) {
    add_word(to_lower_ascii(token.range.of(text)));
    return;
  }
  if (head_ != Head::routine) head_ = Head::other;
  previous_.clear();
  if (token.kind != TokenKind::punctuation) return;
  previous_ = token.range.of(text);
  if (previous_ == "(") ++parentheses_;
  if (previous_ == ")" && parentheses_ > 0) --parentheses_;
}

void StatementShape::add_word(const std::string& word) {
  const bool is_routine = word == "function" || word == "procedure";
  switch (head_) {
    case Head::start: head_ = word == "create" ? Head::create : Head::other; break;
    case Head::create: head_ = is_routine ? Head::routine : word == "or" ? Head::create_or : Head::other; break;
    case Head::create_or: head_ = word == "replace" ? Head::create_or_replace : Head::other; break;
    case Head::create_or_replace: head_ = is_routine ? Head::routine : Head::other; break;
    case Head::routine: {
      const bool is_label = previous_ == "." || previous_ == "as";
      if (blocks_ == 0) {
        if (parentheses_ == 0 && previous_ == "begin" && word == "atomic") blocks_ = 1;
      } else if (!is_label) {
        if (word == "case") ++blocks_;
        if (word == "end") --blocks_;
      }
      break;
    }
    case Head::other: break;
  }
  previous_ = word;
}

}  // namespace migrate::sql
