#include "sql/identifier.hpp"

#include <migrate/base/text.hpp>
#include <migrate/sql/identifier.hpp>

#include "sql/pg_query.hpp"

namespace migrate::sql {

std::string quote_where_needed(std::string_view name) {
  const bool plain = !name.empty() && !(name.front() >= '0' && name.front() <= '9') &&
                     name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
  return plain && !is_reserved(name) ? std::string(name) : quote_identifier(name);
}

std::string identifier_text(std::string_view token) {
  if (token.size() < 2 || token.front() != '"') return to_lower_ascii(token);
  std::string text;
  for (std::size_t i = 1; i + 1 < token.size(); ++i) {
    text += token[i];
    if (token[i] == '"') ++i;
  }
  return text;
}

}  // namespace migrate::sql
