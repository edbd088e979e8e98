#include "sql/copy_statement.hpp"

#include <migrate/base/text.hpp>

namespace migrate::sql {

CopyDirection copy_direction(std::span<const Token> tokens, std::string_view text) {
  const auto is_word = [&](std::size_t index, std::string_view word) {
    return index < tokens.size() && tokens[index].kind == TokenKind::word &&
           equals_ignoring_case(tokens[index].range.of(text), word);
  };
  if (!is_word(0, "copy")) return CopyDirection::none;
  std::size_t parentheses = 0;
  for (std::size_t i = 1; i < tokens.size(); ++i) {
    const std::string_view token = tokens[i].range.of(text);
    if (token == "(") ++parentheses;
    if (token == ")" && parentheses > 0) --parentheses;
    if (parentheses > 0) continue;
    const bool from = is_word(i, "from");
    if (!from && !is_word(i, "to")) continue;
    if (!is_word(i + 1, "stdin") && !is_word(i + 1, "stdout")) return CopyDirection::none;
    return from ? CopyDirection::from_client : CopyDirection::to_client;
  }
  return CopyDirection::none;
}

}  // namespace migrate::sql
