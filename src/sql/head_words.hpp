// What the readers of statements' first words share.
#pragma once

#include <string>
#include <string_view>

#include "sql/statement_head.hpp"
#include "sql/token_cursor.hpp"

namespace migrate::sql {

// Words joined by blanks.
class Words {
 public:
  Words& add(std::string_view word);
  Words& attach(std::string_view mark);
  [[nodiscard]] const std::string& str() const { return text_; }

 private:
  std::string text_;
};

std::string to_upper_ascii(std::string_view text);

// "a, b" of `a, ONLY b (x)`: names parted by commas, without what stands in parentheses after them.
std::string take_names(TokenCursor& cursor);
// The kind of object at the cursor, in lower case ("materialized view"); empty where there is none.
std::string_view take_object_kind(TokenCursor& cursor);

// CREATE, ALTER and DROP, which is `verb`; the cursor stands after it.
StatementHead read_definition(TokenCursor cursor, std::string_view verb);

}  // namespace migrate::sql
