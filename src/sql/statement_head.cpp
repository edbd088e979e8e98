#include "sql/statement_head.hpp"

#include <array>

#include <migrate/base/text.hpp>

#include "sql/token_cursor.hpp"

namespace migrate::sql {
namespace {

constexpr std::size_t summary_columns = 60;

std::string to_upper_ascii(std::string_view text) {
  std::string upper(text);
  for (char& c : upper) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return upper;
}

// Words joined by blanks.
class Words {
 public:
  Words& add(std::string_view word) {
    if (word.empty()) return *this;
    if (!text_.empty()) text_ += ' ';
    text_ += word;
    return *this;
  }
  Words& attach(std::string_view mark) {
    text_ += mark;
    return *this;
  }
  [[nodiscard]] const std::string& str() const { return text_; }

 private:
  std::string text_;
};

template <std::size_t size>
bool contains(const std::array<std::string_view, size>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Kinds of objects, those of several words before those that they begin with.
constexpr std::array<std::string_view, 47> object_kinds{
    "table", "foreign table", "foreign data wrapper", "index", "unique index", "materialized view", "view", "sequence",
    "schema", "function", "procedure", "routine", "aggregate", "type", "domain", "extension", "event trigger",
    "constraint trigger", "trigger", "rule", "policy", "role", "user mapping for", "user", "group", "database",
    "tablespace", "server", "cast", "collation", "conversion", "operator class", "operator family", "operator",
    "language", "publication", "subscription", "statistics", "access method", "text search configuration",
    "text search dictionary", "text search parser", "text search template", "transform for", "default privileges",
    "system", "large object"};

constexpr std::array<std::string_view, 9> modifiers{
    "temp", "temporary", "unlogged", "global", "local", "recursive", "trusted", "procedural", "default"};

// Kinds whose objects belong to a table that the reader wants to see.
constexpr std::array<std::string_view, 4> kinds_on_tables{"trigger", "constraint trigger", "policy", "rule"};

// The words of ALTER's actions; what follows them is a name.
constexpr std::array<std::string_view, 48> action_words{
    "add", "drop", "alter", "rename", "set", "reset", "validate", "attach", "detach", "enable", "disable", "force",
    "no", "inherit", "owner", "to", "column", "constraint", "partition", "trigger", "rule", "row", "level", "security",
    "always", "replica", "identity", "schema", "cluster", "on", "without", "type", "data", "default", "not", "null",
    "primary", "key", "unique", "foreign", "check", "exclude", "attribute", "value", "update", "tablespace", "statistics",
    "publication"};

// The action words at the cursor, in capitals. IF [NOT] EXISTS is passed over.
std::string take_action_words(TokenCursor& cursor) {
  Words words;
  while (!cursor.at_end()) {
    if (cursor.take_any({"if exists", "if not exists"})) continue;
    const std::string word = cursor.word();
    if (!contains(action_words, word)) break;
    // A column may be called like one of these: "ADD type text".
    if (word == "type" && !words.str().empty() && cursor.is_name(1) && words.str() == "ADD") break;
    words.add(to_upper_ascii(word));
    cursor.advance();
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

std::string take_operator_name(TokenCursor& cursor) {
  std::string name;
  while (!cursor.at_end() && cursor.peek() != "(") {
    name += cursor.peek();
    cursor.advance();
  }
  return name;
}

std::string_view take_kind(TokenCursor& cursor) {
  const auto* kind = std::find_if(object_kinds.begin(), object_kinds.end(),
                                  [&](std::string_view candidate) { return cursor.take(candidate); });
  return kind == object_kinds.end() ? std::string_view() : *kind;
}

// CREATE, ALTER and DROP. `verb` is already passed.
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
  const std::string_view kind = take_kind(cursor);
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

StatementHead read_reindex(TokenCursor cursor) {
  Words tag;
  tag.add("REINDEX");
  cursor.pass_group();
  for (const std::string_view kind : {"index", "table", "schema", "database", "system"}) {
    if (cursor.take(kind)) tag.add(to_upper_ascii(kind));
  }
  if (cursor.take("concurrently")) tag.add("CONCURRENTLY");
  return {tag.str(), Words(tag).add(cursor.take_name()).str()};
}

// What stands up to one of these words: "GRANT SELECT ON users", "COMMENT ON TABLE users".
StatementHead read_up_to(TokenCursor cursor, std::string_view tag, std::initializer_list<std::string_view> stops) {
  Words summary;
  summary.add(tag);
  while (!cursor.at_end() && std::find(stops.begin(), stops.end(), cursor.word()) == stops.end()) {
    if (cursor.is_string()) break;
    if (cursor.peek() == "(") {
      cursor.pass_group();
      continue;
    }
    if (const std::string name = cursor.take_name(); !name.empty()) {
      summary.add(name);
    } else {
      if (cursor.peek() == ",") summary.attach(",");
      cursor.advance();
    }
  }
  return {std::string(tag), summary.str()};
}

StatementHead read_set(TokenCursor cursor, std::string_view tag) {
  Words summary;
  summary.add(tag);
  for (const std::string_view words : {"local", "session authorization", "session characteristics", "session",
                                       "constraints", "transaction", "time zone"}) {
    if (cursor.take(words)) summary.add(to_upper_ascii(words));
  }
  if (cursor.take("role")) return {std::string(tag), summary.add("ROLE").add(cursor.take_name()).str()};
  return {std::string(tag), summary.add(cursor.take_name()).str()};
}

// Commands whose name is followed by the name of what they work on. `words` begin the statement, and `skip` may follow.
struct Command {
  std::string_view words;
  std::string_view tag;
  std::string_view skip = {};
};

constexpr std::array commands{
    Command{"insert into", "INSERT"},
    Command{"merge into", "MERGE", "only"},
    Command{"delete from", "DELETE", "only"},
    Command{"update", "UPDATE", "only"},
    Command{"truncate table", "TRUNCATE"},
    Command{"truncate", "TRUNCATE"},
    Command{"copy binary", "COPY"},
    Command{"copy", "COPY"},
    Command{"lock table", "LOCK TABLE"},
    Command{"lock", "LOCK TABLE"},
    Command{"vacuum", "VACUUM"},
    Command{"analyze", "ANALYZE"},
    Command{"analyse", "ANALYZE"},
    Command{"cluster", "CLUSTER"},
    Command{"refresh materialized view concurrently", "REFRESH MATERIALIZED VIEW CONCURRENTLY"},
    Command{"refresh materialized view", "REFRESH MATERIALIZED VIEW"},
    Command{"import foreign schema", "IMPORT FOREIGN SCHEMA"},
    Command{"reassign owned by", "REASSIGN OWNED"},
    Command{"call", "CALL"},
    Command{"prepare transaction", "PREPARE TRANSACTION"},
    Command{"prepare", "PREPARE"},
    Command{"execute", "EXECUTE"},
    Command{"deallocate", "DEALLOCATE", "prepare"},
    Command{"declare", "DECLARE"},
    Command{"close", "CLOSE"},
    Command{"listen", "LISTEN"},
    Command{"unlisten", "UNLISTEN"},
    Command{"notify", "NOTIFY"},
    Command{"show", "SHOW"},
    Command{"begin", "BEGIN"},
    Command{"start transaction", "START TRANSACTION"},
    Command{"commit prepared", "COMMIT PREPARED"},
    Command{"commit", "COMMIT"},
    Command{"end", "END"},
    Command{"rollback prepared", "ROLLBACK PREPARED"},
    Command{"rollback to savepoint", "ROLLBACK TO SAVEPOINT"},
    Command{"rollback to", "ROLLBACK TO SAVEPOINT"},
    Command{"rollback", "ROLLBACK"},
    Command{"abort", "ROLLBACK"},
    Command{"savepoint", "SAVEPOINT"},
    Command{"release", "RELEASE SAVEPOINT", "savepoint"},
    Command{"discard", "DISCARD"},
    Command{"checkpoint", "CHECKPOINT"},
    Command{"load", "LOAD"},
    Command{"do", "DO"},
};

// What people read best, where it is not the tag.
std::string_view shown(std::string_view tag) {
  if (tag == "INSERT") return "INSERT INTO";
  if (tag == "MERGE") return "MERGE INTO";
  if (tag == "DELETE") return "DELETE FROM";
  return tag;
}

// The words of `DO LANGUAGE x`, `BEGIN ISOLATION LEVEL` or `COMMIT WORK` are no names.
bool names_nothing(std::string_view tag) {
  return tag == "DO" || tag == "BEGIN" || tag == "START TRANSACTION" || tag == "COMMIT" || tag == "END" ||
         tag == "ROLLBACK" || tag == "CHECKPOINT" || tag == "LOAD";
}

StatementHead read_command(TokenCursor cursor, const Command& command) {
  const std::string_view tag = command.tag;
  Words summary;
  summary.add(shown(tag));
  if (names_nothing(tag)) return {std::string(tag), summary.str()};
  if (tag == "DISCARD") {
    summary.add(to_upper_ascii(cursor.word()));
    return {summary.str(), summary.str()};
  }
  cursor.pass_group();
  if (tag == "VACUUM" || tag == "ANALYZE" || tag == "CLUSTER") {
    for (const std::string_view option : {"full", "freeze", "verbose", "analyze", "analyse"}) {
      if (cursor.take(option)) summary.add(to_upper_ascii(option));
    }
  }
  if (!command.skip.empty()) cursor.take(command.skip);
  summary.add(tag == "TRUNCATE" || tag == "LOCK TABLE" || tag == "VACUUM" ? take_names(cursor) : cursor.take_name());
  if (tag == "COPY") {
    cursor.pass_group();
    if (cursor.take("from")) summary.add("FROM").add(cursor.word());
    if (cursor.take("to")) summary.add("TO").add(cursor.word());
  }
  return {std::string(tag), summary.str()};
}

// The text with its white space folded, and literals left out.
std::string fold(const TokenCursor& cursor, std::string_view text) {
  std::string folded;
  std::size_t previous_end = std::string_view::npos;
  for (const Token& token : cursor.rest()) {
    if (folded.size() > 4 * summary_columns) break;
    if (token.range.begin > previous_end) folded += ' ';
    folded += token.kind == TokenKind::string ? std::string_view("'...'") : token.range.of(text);
    previous_end = token.range.end;
  }
  return folded;
}

StatementHead read_query(TokenCursor cursor, std::string_view text) {
  if (cursor.word() == "with" && !cursor.move_to({"select", "insert", "update", "delete", "merge", "values"})) {
    return {"WITH", "WITH"};
  }
  for (const Command& command : commands) {
    TokenCursor after = cursor;
    if (after.take(command.words)) return read_command(after, command);
  }
  return {"SELECT", fold(cursor, text)};
}

StatementHead read_statement(TokenCursor cursor, std::string_view text) {
  const std::string first = cursor.word();
  if (first == "with" || first == "select" || first == "values" || first == "table" || cursor.peek() == "(") {
    return read_query(cursor, text);
  }
  TokenCursor rest = cursor;
  rest.advance();
  if (first == "create") return read_definition(rest, "CREATE");
  if (first == "alter") return read_definition(rest, "ALTER");
  if (first == "drop") return read_definition(rest, "DROP");
  if (first == "reindex") return read_reindex(rest);
  if (first == "grant") return read_up_to(rest, "GRANT", {"to"});
  if (first == "revoke") return read_up_to(rest, "REVOKE", {"from"});
  if (first == "comment") return read_up_to(rest, "COMMENT", {"is"});
  if (rest = cursor; rest.take("security label")) return read_up_to(rest, "SECURITY LABEL", {"is"});
  if (rest = cursor; rest.take("set")) return read_set(rest, "SET");
  if (rest = cursor; rest.take("reset")) return read_set(rest, "RESET");
  for (const Command& command : commands) {
    if (rest = cursor; rest.take(command.words)) return read_command(rest, command);
  }
  return {to_upper_ascii(first), {}};
}

}  // namespace

StatementHead read_head(std::span<const Token> tokens, std::string_view text) {
  const TokenCursor cursor(tokens, text);
  StatementHead head = read_statement(cursor, text);
  if (head.summary.empty()) head.summary = fold(cursor, text);
  head.summary = ellipsize(head.summary, summary_columns);
  return head;
}

}  // namespace migrate::sql
