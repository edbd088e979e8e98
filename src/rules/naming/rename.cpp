#include "rules/naming/rename.hpp"

#include <algorithm>
#include <array>

#include <migrate/base/text.hpp>
#include <migrate/sql/identifier.hpp>
#include <migrate/sql/scan.hpp>

namespace migrate::rules {
namespace {

bool is_name(const sql::Token& token) {
  return token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_identifier;
}

bool is_taken(const Site& site, const NewName& name, const std::string& better) {
  const sql::QualifiedName wanted{name.parts.schema, better, {}};
  const auto* table = site.relation({name.parts.schema, name.parts.table, {}});
  return site.schema.find(wanted) || site.schema.find_index(wanted).second || (table && table->constraint(better));
}

class Tokens {
 public:
  Tokens(std::string_view text, std::vector<sql::Token> tokens) : text_(text), tokens_(std::move(tokens)) {
    std::erase_if(tokens_, [](const sql::Token& token) { return token.kind == sql::TokenKind::comment; });
  }

  [[nodiscard]] std::size_t size() const { return tokens_.size(); }
  [[nodiscard]] const sql::Token& operator[](std::size_t i) const { return tokens_[i]; }
  [[nodiscard]] std::string_view text(std::size_t i) const { return tokens_[i].range.of(text_); }
  [[nodiscard]] bool is(std::size_t i, std::string_view word) const { return equals_ignoring_case(text(i), word); }

  // `DROP INDEX name`, `VALIDATE CONSTRAINT name` and their like: not a second thing of the name that is made here.
  [[nodiscard]] bool speaks_of(std::size_t at) const {
    std::size_t i = at;
    const auto back = [&](std::string_view word) {
      if (i == 0 || !is(i - 1, word)) return false;
      --i;
      return true;
    };
    if (back(".") && i > 0) --i;
    if (back("EXISTS")) back("IF");
    back("CONCURRENTLY");
    const bool index = back("INDEX");
    if (!index && !back("CONSTRAINT")) return false;
    constexpr std::array<std::string_view, 8> verbs{"DROP", "ALTER", "VALIDATE", "RENAME",
                                                    "ON",   "USING", "REINDEX",  "COMMENT"};
    return i > 0 && std::any_of(verbs.begin(), verbs.end(), [&](std::string_view verb) { return is(i - 1, verb); });
  }

 private:
  std::string_view text_;
  std::vector<sql::Token> tokens_;
};

bool can_be_renamed(NameKind kind) {
  switch (kind) {
    case NameKind::index:
    case NameKind::unique_index:
    case NameKind::unique:
    case NameKind::primary_key:
    case NameKind::foreign_key:
    case NameKind::check:
    case NameKind::exclusion: return true;
    default: return false;
  }
}

}  // namespace

std::vector<Edit> rename_edits(const Site& site, const NewName& name, const std::string& better) {
  if (!can_be_renamed(name.kind) || name.range.empty() || name.if_not_exists || is_taken(site, name, better)) return {};
  const std::string_view text = site.revision.source->text();
  const std::string written = to_text(sql::QualifiedName{{}, better, {}});
  // Written once in all of the file, as most names are: no need to read the file.
  const std::string folded = to_lower_ascii(text);
  const std::string wanted = to_lower_ascii(name.name);
  if (folded.find(better) == std::string::npos) {
    const auto first = folded.find(wanted);
    const bool once = first != std::string::npos && folded.find(wanted, first + 1) == std::string::npos;
    if (once) return {{site.revision.source, name.range, written}};
  }
  auto scanned = sql::scan(text);
  if (!scanned) return {};
  const Tokens tokens(text, *std::move(scanned));
  std::vector<Edit> edits;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    if (tokens[i].kind == sql::TokenKind::string && tokens.text(i).find(name.name) != std::string_view::npos) return {};
    if (!is_name(tokens[i])) continue;
    const std::string identifier = sql::identifier_text(tokens.text(i));
    if (identifier == better) return {};
    if (identifier != name.name) continue;
    if (tokens[i].range != name.range && !tokens.speaks_of(i)) return {};
    // What is spoken of before it is made is an earlier thing of the name.
    if (tokens[i].range < name.range) return {};
    edits.push_back({site.revision.source, tokens[i].range, written});
  }
  return edits;
}

}  // namespace migrate::rules
