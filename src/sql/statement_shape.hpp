// Where a statement ends: at a semicolon outside parentheses and outside the body of a BEGIN ATOMIC routine.
#pragma once

#include <string>
#include <string_view>

#include <migrate/sql/scan.hpp>

namespace migrate::sql {

// Told the tokens of one statement in their order.
class StatementShape {
 public:
  [[nodiscard]] bool is_end(const Token& token, std::string_view text) const;
  void add(const Token& token, std::string_view text);

 private:
  void add_word(const std::string& word);

  enum class Head { start, create, create_or, create_or_replace, routine, other };

  Head head_ = Head::start;
  std::size_t parentheses_ = 0;
  std::size_t blocks_ = 0;  // BEGIN ATOMIC, and CASE inside it: both close with END
  std::string previous_;    // the token before, words in lower case
};

}  // namespace migrate::sql
