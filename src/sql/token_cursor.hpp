// Reading tokens one after the other.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>

#include <migrate/sql/scan.hpp>

namespace migrate::sql {

class TokenCursor {
 public:
  TokenCursor(std::span<const Token> tokens, std::string_view text) : tokens_(tokens), text_(text) {}

  [[nodiscard]] bool at_end() const { return next_ >= tokens_.size(); }
  [[nodiscard]] std::span<const Token> rest() const { return tokens_.subspan(std::min(next_, tokens_.size())); }
  // The token ahead as it stands; empty at the end.
  [[nodiscard]] std::string_view peek(std::size_t ahead = 0) const;
  // A word ahead in lower case; empty where there is none, and for a quoted name.
  [[nodiscard]] std::string word(std::size_t ahead = 0) const;
  [[nodiscard]] bool is_name(std::size_t ahead = 0) const;
  [[nodiscard]] bool is_string(std::size_t ahead = 0) const;
  void advance(std::size_t count = 1) { next_ += count; }

  // Takes the words, given in lower case and parted by blanks, if they are next.
  bool take(std::string_view words);
  bool take_any(std::initializer_list<std::string_view> alternatives);
  // Passes one group in parentheses, if it is next.
  void pass_group();
  // a.b.c as it stands; empty where no name is next.
  std::string take_name();
  // Moves to the first of these words that stands outside parentheses; to the end if there is none.
  bool move_to(std::initializer_list<std::string_view> words);

 private:
  [[nodiscard]] const Token* token(std::size_t ahead) const;

  std::span<const Token> tokens_;
  std::string_view text_;
  std::size_t next_ = 0;
};

}  // namespace migrate::sql
