#include "db/array_text.hpp"

#include <migrate/base/text.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace migrate::db {

std::string array_expression(std::span<const std::string> items) {
  std::vector<std::string> literals;
  literals.reserve(items.size());
  for (const auto& item : items) literals.push_back(quote_literal(item));
  return fmt::format("ARRAY[{}]::pg_catalog.text[]", fmt::join(literals, ", "));
}

std::vector<std::string> parse_array(std::string_view text) {
  std::vector<std::string> items;
  if (text.size() < 2 || text == "{}") return items;
  std::string item;
  bool quoted = false;
  bool was_quoted = false;
  const auto finish = [&] {
    items.push_back(!was_quoted && item == "NULL" ? std::string() : item);
    item.clear();
    was_quoted = false;
  };
  for (std::size_t i = 1; i + 1 < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\') {
      if (++i + 1 < text.size()) item += text[i];
    } else if (c == '"') {
      quoted = !quoted;
      was_quoted = true;
    } else if (c == ',' && !quoted) {
      finish();
    } else {
      item += c;
    }
  }
  finish();
  return items;
}

}  // namespace migrate::db
