#include "sql/statement_head.hpp"

#include <array>

#include <migrate/base/text.hpp>

#include "sql/head_words.hpp"

namespace migrate::sql {
namespace {

constexpr std::size_t summary_columns = 60;

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

// What stands before the grantees: "GRANT SELECT ON users".
StatementHead read_grant(TokenCursor cursor, std::string_view tag, std::string_view stop) {
  Words summary;
  summary.add(tag);
  while (!cursor.at_end() && cursor.word() != stop) {
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

// COMMENT ON and SECURITY LABEL ON: "COMMENT ON COLUMN users.email".
StatementHead read_remark(TokenCursor cursor, std::string_view tag) {
  Words summary;
  summary.add(tag).add("ON");
  cursor.move_to({"on"});
  cursor.advance();
  for (const std::string_view kind : {"column", "constraint"}) {
    if (cursor.take(kind)) summary.add(to_upper_ascii(kind));
  }
  summary.add(to_upper_ascii(take_object_kind(cursor))).add(cursor.take_name());
  if (cursor.take("on")) {
    cursor.take("domain");
    summary.add("ON").add(cursor.take_name());
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
  if (first == "grant") return read_grant(rest, "GRANT", "to");
  if (first == "revoke") return read_grant(rest, "REVOKE", "from");
  if (first == "comment") return read_remark(rest, "COMMENT");
  if (rest = cursor; rest.take("security label")) return read_remark(rest, "SECURITY LABEL");
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
