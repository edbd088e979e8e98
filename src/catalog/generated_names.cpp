#include <migrate/catalog/generated_names.hpp>

#include "catalog/lookup.hpp"

#include <migrate/sql/scan.hpp>

namespace migrate::catalog {
namespace {

constexpr std::size_t longest_name = 63;

// Cuts at the begin of a character, not inside.
void clip(std::string& text, std::size_t length) {
  if (text.size() <= length) return;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0u) == 0x80u) --length;
  text.resize(length);
}

bool has_constraint(const Schema& schema, const std::string& place, const std::string& name) {
  return std::any_of(schema.relations().begin(), schema.relations().end(), [&](const auto& entry) {
    return entry.second.name.schema == place && entry.second.constraint(name);
  });
}

bool has_relation(const Schema& schema, const std::string& place, const std::string& name) {
  const sql::QualifiedName wanted{place, name, {}};
  return schema.relations().contains(to_text(wanted)) || schema.find_index(wanted).second;
}

template <class Taken>
std::string choose(const Relation& table, const std::string& second, std::string_view label, const Taken& taken) {
  std::string numbered(label);
  for (int pass = 1;; ++pass) {
    std::string name = object_name(table.name.name, second, numbered);
    if (!taken(name)) return name;
    numbered = std::string(label) + std::to_string(pass);
  }
}

struct Words {
  std::string_view text;
  std::span<const sql::Token> tokens;

  [[nodiscard]] std::string_view at(std::size_t i) const { return tokens[i].range.of(text); }
  [[nodiscard]] bool is_name(std::size_t i) const {
    return tokens[i].kind == sql::TokenKind::word || tokens[i].kind == sql::TokenKind::quoted_identifier;
  }
  // Where the parenthesis that opens at `open` closes; the end if it doesn't.
  [[nodiscard]] std::size_t closing(std::size_t open) const {
    int depth = 0;
    for (std::size_t i = open; i < tokens.size(); ++i) {
      if (at(i) == "(") ++depth;
      if (at(i) == ")" && --depth == 0) return i;
    }
    return tokens.size();
  }
  [[nodiscard]] Words part(std::size_t begin, std::size_t end) const {
    return {text, tokens.subspan(begin, end - begin)};
  }
};

// Without parentheses around the whole.
Words bare(Words words) {
  while (words.tokens.size() > 2 && words.at(0) == "(" && words.closing(0) == words.tokens.size() - 1) {
    words = words.part(1, words.tokens.size() - 1);
  }
  return words;
}

std::string plain_name(const Words& words, std::size_t i) {
  const std::string_view word = words.at(i);
  if (words.tokens[i].kind != sql::TokenKind::quoted_identifier) {
    std::string lower(word);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return lower;
  }
  std::string name;
  for (std::size_t k = 1; k + 1 < word.size(); ++k) {
    name += word[k];
    if (word[k] == '"') ++k;
  }
  return name;
}

// Of `f(...)` the function's name, of `a.b` the column's: the last of the dotted names that the text begins with, if
// nothing but an argument list follows.
// Source: FigureColnameInternal (parse_target.c), as far as index expressions go.
std::string figure(Words words) {
  words = bare(words);
  if (words.tokens.empty() || !words.is_name(0)) return {};
  std::size_t last = 0;
  while (last + 2 < words.tokens.size() && words.at(last + 1) == "." && words.is_name(last + 2)) last += 2;
  const std::size_t next = last + 1;
  if (next == words.tokens.size()) return plain_name(words, last);
  if (words.at(next) == "(" && words.closing(next) == words.tokens.size() - 1) return plain_name(words, last);
  if (plain_name(words, 0) == "case") return "case";
  return {};
}

std::string expression_name(const sql::IndexElement& element) {
  if (!element.expression) return {};
  const auto tokens = sql::scan(element.expression->text);
  if (!tokens) return {};
  return figure({element.expression->text, *tokens});
}

}  // namespace

std::string object_name(std::string first, std::string second, std::string_view label) {
  const std::size_t overhead = label.size() + 1 + (second.empty() ? 0 : 1);
  const std::size_t room = longest_name - std::min(overhead, longest_name);
  std::size_t first_size = first.size();
  std::size_t second_size = second.size();
  while (first_size + second_size > room) {
    if (first_size > second_size) {
      --first_size;
    } else {
      --second_size;
    }
  }
  clip(first, first_size);
  clip(second, second_size);
  if (!second.empty()) first.append("_").append(second);
  return first.append("_").append(label);
}

std::string choose_relation_name(const Schema& schema, const Relation& table, const std::string& second,
                                 std::string_view label, bool of_constraint) {
  return choose(table, second, label, [&](const std::string& name) {
    return has_relation(schema, table.name.schema, name) ||
           (of_constraint && has_constraint(schema, table.name.schema, name));
  });
}

std::string choose_constraint_name(const Schema& schema, const Relation& table, const std::string& second,
                                   std::string_view label) {
  return choose(table, second, label,
                [&](const std::string& name) { return has_constraint(schema, table.name.schema, name); });
}

std::string joined_columns(std::span<const std::string> columns) {
  std::string joined;
  for (const auto& column : columns) {
    if (!joined.empty()) joined += '_';
    joined += column;
    if (joined.size() > longest_name) break;
  }
  return joined;
}

std::vector<std::string> element_names(std::span<const sql::IndexElement> elements) {
  std::vector<std::string> names;
  for (const auto& element : elements) {
    std::string base = element.column.empty() ? expression_name(element) : element.column;
    if (base.empty()) base = "expr";
    std::string name = base;
    for (int i = 1; contains(names, name); ++i) {
      const std::string number = std::to_string(i);
      name = base;
      clip(name, longest_name - number.size());
      name += number;
    }
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace migrate::catalog
