#include <migrate/sql/statement.hpp>

#include <migrate/base/digest.hpp>
#include <migrate/base/text.hpp>

#include "sql/statement_walker.hpp"

namespace migrate::sql {
namespace {

// No text holds a NUL (it would not be UTF-8 to PostgreSQL), so it parts the pieces without ambiguity.
constexpr std::string_view separator{"\0", 1};

void update_with_plain_line_ends(Sha256& hash, std::string_view text) {
  for (;;) {
    const std::size_t line_end = text.find("\r\n");
    hash.update(text.substr(0, line_end));
    if (line_end == std::string_view::npos) return;
    text.remove_prefix(line_end + 1);
  }
}

void update(Sha256& hash, const WalkedStatement& statement, std::string_view text) {
  for (const Token& token : statement.tokens) {
    const std::string_view token_text = token.range.of(text);
    if (token.kind == TokenKind::word) {
      hash.update(to_lower_ascii(token_text));
    } else {
      update_with_plain_line_ends(hash, token_text);
    }
    hash.update(separator);
  }
  // No token is empty: an empty piece ends the statement, and the next one says whether data follows.
  hash.update(separator);
  hash.update(statement.copy_data ? "data" : "end");
  hash.update(separator);
  if (!statement.copy_data) return;
  update_with_plain_line_ends(hash, statement.copy_data->of(text));
  hash.update(separator);
}

}  // namespace

std::string section_checksum(const SourcePtr& source, ByteRange section) {
  Sha256 hash;
  StatementWalker walker(source->text(), section);
  while (const auto statement = walker.next()) update(hash, *statement, source->text());
  if (walker.problems().empty()) return "tokens1:" + hash.hex();

  Sha256 raw;
  update_with_plain_line_ends(raw, trim(source->text(section)));
  return "text1:" + raw.hex();
}

}  // namespace migrate::sql
