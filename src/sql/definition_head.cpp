#include <algorithm>
#include <array>

#include "sql/head_words.hpp"

namespace migrate::sql {
namespace {

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 9> modifiers{"temp",      "temporary", "unlogged",   "global", "local",
                                                    "recursive", "trusted",   "procedural", "default"};

// Kinds whose objects belong to a table that the reader wants to see.
constexpr std::array<std::string_view, 4> kinds_on_tables{"trigger", "constraint trigger", "policy", "rule"};

// The words of ALTER's actions; what follows them is a name.
constexpr std::array<std::string_view, 48> action_words{
    "add",    "drop",       "alter",     "rename",  "set",     "reset",      "validate",   "attach",
    "detach", "enable",     "disable",   "force",   "no",      "inherit",    "owner",      "to",
    "column", "constraint", "partition", "trigger", "rule",    "row",        "level",      "security",
    "always", "replica",    "identity",  "schema",  "cluster", "on",         "without",    "type",
    "data",   "default",    "not",       "null",    "primary", "key",        "unique",     "foreign",
    "check",  "exclude",    "attribute", "value",   "update",  "tablespace", "statistics", "publication"};

// Action words after which a name stands, whatever it is called: "ADD COLUMN type text".
constexpr std::array<std::string_view, 4> words_before_names{"column", "constraint", "attribute", "to"};

// The action words at the cursor, in capitals. IF [NOT] EXISTS is passed over.
std::string take_action_words(TokenCursor& cursor) {
  Words words;
  for (bool more = true; more;) {
    const std::string word = cursor.word();
    more = contains(action_words, word);
    if (more) {
      words.add(to_upper_ascii(word));
      cursor.advance();
      if (contains(words_before_names, word)) more = false;
    }
    if (cursor.take_any({"if exists", "if not exists"})) more = !contains(words_before_names, word);
  }
  return words.str();
}

// One action of ALTER: "ADD COLUMN status", "ALTER COLUMN id TYPE bigint", "RENAME COLUMN a TO b".
std::string take_action(TokenCursor& cursor) {
  Words action;
  const std::string verb = take_action_words(cursor);
  if (verb.empty()) return {};
  action.add(verb);
  const bool is_value = verb.ends_with("VALUE");
  if (is_value && cursor.is_string()) {
    action.add(cursor.peek());
    return action.str();
  }
  const bool has_name = !verb.ends_with("KEY") && !verb.ends_with("NULL") && !verb.ends_with("UNIQUE");
  if (has_name) action.add(cursor.take_name());
  if (verb.starts_with("ALTER") || verb.starts_with("RENAME")) {
    const std::string change = take_action_words(cursor);
    action.add(change);
    if (change.ends_with("TO") || change.ends_with("TYPE")) action.add(cursor.take_name());
  }
  if (cursor.word() == "concurrently") action.add("CONCURRENTLY");
  return action.str();
}

// The actions of ALTER, parted by commas.
std::string take_actions(TokenCursor& cursor) {
  std::string actions;
  for (;;) {
    const std::string action = take_action(cursor);
    if (action.empty()) return actions;
    if (!actions.empty()) actions += ", ";
    actions += action;
    while (!cursor.at_end() && cursor.peek() != ",") {
      if (cursor.peek() == "(") {
        cursor.pass_group();
      } else {
        cursor.advance();
      }
    }
    if (cursor.at_end()) return actions;
    cursor.advance();
  }
}

std::string take_operator_name(TokenCursor& cursor) {
  std::string name;
  while (!cursor.at_end() && cursor.peek() != "(") {
    name += cursor.peek();
    cursor.advance();
  }
  return name;
}

}  // namespace

StatementHead read_definition(TokenCursor cursor, std::string_view verb) {
  Words tag;
  Words summary;
  tag.add(verb);
  summary.add(verb);
  if (cursor.take("or replace")) summary.add("OR REPLACE");
  while (contains(modifiers, cursor.word()) && cursor.word(1) != "privileges") {
    summary.add(to_upper_ascii(cursor.word()));
    cursor.advance();
  }
  const std::string_view kind = take_object_kind(cursor);
  if (kind.empty()) {
    if (cursor.take("owned by")) {
      return {tag.add("OWNED").str(), summary.add("OWNED BY").add(take_names(cursor)).str()};
    }
    return {tag.str(), {}};
  }
  tag.add(kind == "unique index" ? "INDEX" : to_upper_ascii(kind));
  summary.add(to_upper_ascii(kind));
  if (cursor.take("concurrently")) {
    tag.add("CONCURRENTLY");
    summary.add("CONCURRENTLY");
  }
  cursor.take_any({"if exists", "if not exists"});
  if (kind.ends_with("index") && cursor.word() == "on") {
    cursor.advance();
    cursor.take("only");
    return {tag.str(), summary.add("ON").add(cursor.take_name()).str()};
  }
  if (kind == "cast" || kind == "default privileges") return {tag.str(), summary.str()};
  if (kind == "operator") return {tag.str(), summary.add(take_operator_name(cursor)).str()};
  if (kind == "system") return {tag.str(), summary.add(take_actions(cursor)).str()};
  if (kind == "schema" && cursor.take("authorization")) summary.add("AUTHORIZATION");
  if (kind == "materialized view" || kind.ends_with("table")) cursor.take("all in tablespace");

  summary.add(take_names(cursor));
  if (contains(kinds_on_tables, kind) && cursor.move_to({kind == "rule" && verb != "ALTER" ? "to" : "on"})) {
    cursor.advance();
    summary.add("ON").add(cursor.take_name());
  }
  if (verb == "ALTER") summary.add(take_actions(cursor));
  return {tag.str(), summary.str()};
}

}  // namespace migrate::sql
