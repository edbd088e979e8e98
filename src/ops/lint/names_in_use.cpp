#include "ops/lint/names_in_use.hpp"

#include <migrate/base/text.hpp>
#include <migrate/sql/identifier.hpp>
#include <migrate/sql/scan.hpp>

namespace migrate::ops {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

}  // namespace

NamesInUse::NamesInUse(std::span<const SourcePtr> sources) {
  for (std::size_t i = 0; i < sources.size(); ++i) {
    const std::string_view text = sources[i]->text();
    const auto tokens = sql::scan(text);
    // What can't be scanned may speak of anything that stands in it.
    if (!tokens) {
      add_words(text, i);
      continue;
    }
    for (const auto& token : *tokens) {
      const bool name = token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_identifier;
      if (name) last_.insert_or_assign(sql::identifier_text(token.range.of(text)), i);
      if (token.kind == sql::TokenKind::string) add_words(token.range.of(text), i);
    }
  }
}

// A text may fold it or not.
void NamesInUse::add_words(std::string_view text, std::size_t source) {
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at;
    while (end < text.size() && is_letter(text[end])) ++end;
    if (end > at) {
      const std::string_view word = text.substr(at, end - at);
      last_.insert_or_assign(std::string(word), source);
      last_.insert_or_assign(to_lower_ascii(word), source);
    }
    at = end + 1;
  }
}

std::optional<std::size_t> NamesInUse::anywhere(std::string_view name) const {
  const auto found = last_.find(name);
  return found == last_.end() ? std::nullopt : std::optional(found->second);
}

std::optional<std::size_t> NamesInUse::after(std::string_view name, std::size_t source) const {
  const auto last = anywhere(name);
  return last && *last > source ? last : std::nullopt;
}

}  // namespace migrate::ops
