#include <migrate/sql/column_names.hpp>

#include <algorithm>
#include <map>

#include <migrate/base/text.hpp>

#include "sql/model/tree.hpp"
#include "sql/pg_query.hpp"

namespace migrate::sql {
namespace {

struct Qualified {
  std::size_t qualifiers = 0;
  std::string name;
};

// By place. A row as a whole (`t.*`) is none.
std::map<std::size_t, Qualified> qualified_columns(const ProtobufCMessage& root) {
  std::map<std::size_t, Qualified> found;
  walk(root, [&](const ProtobufCMessage& message) {
    const auto* column = cast<PgQuery__ColumnRef>(message, pg_query__column_ref__descriptor);
    if (!column || column->location < 0) return true;
    auto parts = to_strings(Nodes(column->fields, column->n_fields));
    if (parts.size() < 2 || parts.size() != column->n_fields) return true;
    found[static_cast<std::size_t>(column->location)] = {parts.size() - 1, std::move(parts.back())};
    return true;
  });
  return found;
}

}  // namespace

std::string without_qualifiers(std::string_view statement) {
  std::string text(statement);
  if (statement.find('\0') != std::string_view::npos) return text;
  const auto tree = parse(statement);
  auto tokens = scan_all(statement);
  if (!tree || !tokens || !tree->statement()) return text;
  std::erase_if(*tokens, [](const Token& token) { return token.kind == TokenKind::comment; });
  const auto columns = qualified_columns(tree->statement()->base);
  for (auto column = columns.rbegin(); column != columns.rend(); ++column) {
    const auto& [place, qualified] = *column;
    const auto first = std::find_if(tokens->begin(), tokens->end(),
                                    [place = place](const Token& token) { return token.range.begin == place; });
    // A name and a full stop for each.
    const std::size_t last = static_cast<std::size_t>(first - tokens->begin()) + 2 * qualified.qualifiers;
    if (last >= tokens->size()) continue;
    text.replace(place, (*tokens)[last].range.end - place, quote_identifier(qualified.name));
  }
  return text;
}

}  // namespace migrate::sql
