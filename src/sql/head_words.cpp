#include "sql/head_words.hpp"

#include <algorithm>
#include <array>

namespace migrate::sql {
namespace {

// Kinds of objects, those of several words before those that they begin with.
constexpr std::array<std::string_view, 47> object_kinds{"table",
                                                        "foreign table",
                                                        "foreign data wrapper",
                                                        "index",
                                                        "unique index",
                                                        "materialized view",
                                                        "view",
                                                        "sequence",
                                                        "schema",
                                                        "function",
                                                        "procedure",
                                                        "routine",
                                                        "aggregate",
                                                        "type",
                                                        "domain",
                                                        "extension",
                                                        "event trigger",
                                                        "constraint trigger",
                                                        "trigger",
                                                        "rule",
                                                        "policy",
                                                        "role",
                                                        "user mapping for",
                                                        "user",
                                                        "group",
                                                        "database",
                                                        "tablespace",
                                                        "server",
                                                        "cast",
                                                        "collation",
                                                        "conversion",
                                                        "operator class",
                                                        "operator family",
                                                        "operator",
                                                        "language",
                                                        "publication",
                                                        "subscription",
                                                        "statistics",
                                                        "access method",
                                                        "text search configuration",
                                                        "text search dictionary",
                                                        "text search parser",
                                                        "text search template",
                                                        "transform for",
                                                        "default privileges",
                                                        "system",
                                                        "large object"};

}  // namespace

Words& Words::add(std::string_view word) {
  if (word.empty()) return *this;
  if (!text_.empty()) text_ += ' ';
  text_ += word;
  return *this;
}

Words& Words::attach(std::string_view mark) {
  text_ += mark;
  return *this;
}

std::string to_upper_ascii(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

std::string take_names(TokenCursor& cursor) {
  std::string names;
  for (;;) {
    cursor.take("only");
    const std::string name = cursor.take_name();
    if (name.empty()) return names;
    if (!names.empty()) names += ", ";
    names += name;
    cursor.pass_group();
    if (cursor.peek() != ",") return names;
    cursor.advance();
  }
}

std::string_view take_object_kind(TokenCursor& cursor) {
  const auto* kind = std::find_if(object_kinds.begin(), object_kinds.end(),
                                  [&](std::string_view candidate) { return cursor.take(candidate); });
  return kind == object_kinds.end() ? std::string_view() : *kind;
}

}  // namespace migrate::sql
