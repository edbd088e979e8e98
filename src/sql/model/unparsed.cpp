// What the words of a statement tell that the parser does not know.
#include <migrate/sql/identifier.hpp>

#include "sql/model/readers.hpp"

namespace migrate::sql {
namespace {

// Nothing where no name of one or two parts stands there.
std::vector<QualifiedName> name_at(std::size_t index, const StatementTokens& tokens) {
  if (!tokens.is_name(index)) return {};
  const std::size_t end = tokens.after_name(index);
  QualifiedName name{{}, identifier_text(tokens.text(end - 1)), tokens.range(index, end)};
  if (end - index == 3) name.schema = identifier_text(tokens.text(index));
  return end - index > 3 ? std::vector<QualifiedName>() : std::vector{std::move(name)};
}

}  // namespace

Other read_unparsed(std::string tag, const StatementTokens& tokens) {
  Other other{std::move(tag), {}};
  if (other.tag == "ALTER TABLE") {
    other.names = name_at(tokens.after_head({"alter", "table", "if exists", "only"}), tokens);
  } else if (other.tag == "CREATE TABLE") {
    // A temporary one is nobody else's, and gone with the session.
    other.names = name_at(tokens.after_head({"create", "unlogged", "table", "if not exists"}), tokens);
    if (tokens.is_word(1, "temp") || tokens.is_word(1, "temporary")) other.names.clear();
  }
  return other;
}

}  // namespace migrate::sql
