#include "ops/import/foreign_script.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/sql/statement.hpp>

namespace migrate::ops::foreign {
namespace {

std::string with_plain_line_ends(std::string_view text) {
  std::string plain;
  plain.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\r' && i + 1 < text.size() && text[i + 1] == '\n') continue;
    plain += text[i];
  }
  return plain;
}

Diagnostic not_utf8(const ForeignFile& file, std::size_t byte) {
  return error("not-utf8", fmt::format("`{}` is not UTF-8: byte {} (0x{:02x})", file.name, byte + 1,
                                       static_cast<unsigned char>(file.text[byte])))
      .in_file(file.name)
      .help("save it as UTF-8, for example with `iconv -f LATIN1 -t UTF-8`");
}

// Comments that read like directives of ours get a blank before their colon, which makes prose of them.
std::string disarm_directives(std::string text, const std::string& name, Diagnostics& notices) {
  constexpr std::string_view prefix = "migrate:";
  for (std::size_t dashes = text.find("--"); dashes != std::string::npos; dashes = text.find("--", dashes + 2)) {
    const std::size_t word = text.find_first_not_of(" \t", dashes + 2);
    if (word == std::string::npos ||
        !equals_ignoring_case(std::string_view(text).substr(word, prefix.size()), prefix)) {
      continue;
    }
    if (!sql::is_between_tokens(text, ByteOffset{dashes})) continue;
    const SourcePtr source = make_source(name, text);
    notices.push_back(warning("disarmed-comment", "a comment that reads like a directive of migrate was changed")
                          .at(source, {dashes, word + prefix.size()}, "a blank was put before the colon"));
    text.insert(word + prefix.size() - 1, " ");
  }
  return text;
}

// Line ends inside '...' are data; those in dollar quotes are a function's source.
void notice_changed_literals(std::string_view original, const SourcePtr& source,
                             const std::vector<sql::Statement>& statements, Diagnostics& notices) {
  if (original.find("\r\n") == std::string_view::npos) return;
  for (const auto& statement : statements) {
    const auto tokens = sql::scan(source->text(statement.range));
    if (!tokens) continue;
    for (const auto& token : *tokens) {
      const ByteRange range{statement.range.begin + token.range.begin, statement.range.begin + token.range.end};
      const std::string_view text = source->text(range);
      if (token.kind != sql::TokenKind::string || text.front() == '$' || text.find('\n') == std::string_view::npos) {
        continue;
      }
      notices.push_back(warning("changed-line-ends", "line ends inside a literal became LF")
                            .at(source, range, "was CRLF in the imported file"));
      return;
    }
  }
}

// The semicolon that closes what ends at `end`, if there is one: only comments can stand before it.
std::optional<std::size_t> closing_semicolon(std::string_view text, std::size_t end) {
  for (;;) {
    end = text.find_first_not_of(" \t\r\n\f\v", end);
    if (end == std::string_view::npos) return std::nullopt;
    if (text[end] == ';') return end;
    if (text.substr(end).starts_with("--")) {
      end = std::min(text.find('\n', end), text.size());
      continue;
    }
    // A block comment ends at the first place after it that lies between tokens.
    if (!text.substr(end).starts_with("/*")) return std::nullopt;
    const std::string_view rest = text.substr(end);
    std::size_t close = rest.find("*/", 2);
    while (close != std::string_view::npos && !sql::is_between_tokens(rest, ByteOffset{close + 2})) {
      close = rest.find("*/", close + 2);
    }
    if (close == std::string_view::npos) return std::nullopt;
    end += close + 2;
  }
}

// One transaction control statement, and how many of the file's statements come before it.
struct Control {
  sql::Statement statement;
  sql::TransactionControl kind;
  std::string tag;
  std::size_t statements_before;
};

// What the removal of these means for whoever wrote them.
Diagnostic describe_removal(const SourcePtr& source, const std::vector<Control>& controls, std::size_t statements,
                            bool transactional) {
  using Kind = sql::TransactionControl;
  const auto count = [&](Kind kind) {
    return std::count_if(controls.begin(), controls.end(),
                         [&](const Control& control) { return control.kind == kind; });
  };
  std::vector<std::string> tags;
  for (const auto& control : controls) {
    const std::string quoted = fmt::format("`{}`", control.tag);
    if (std::find(tags.begin(), tags.end(), quoted) == tags.end()) tags.push_back(quoted);
  }
  auto notice = warning("removed-transaction-control",
                        fmt::format("removed {}: {}", join_with_and(tags),
                                    transactional ? "a revision is a transaction of its own"
                                                  : "a revision with a statement that cannot run in a transaction runs "
                                                    "statement by statement"))
                    .at(source, controls.front().statement.range);
  for (const auto& control : std::span(controls).subspan(1)) {
    notice.secondary.push_back({source, control.statement.range, {}});
  }

  const auto transactions = std::max(count(Kind::begin), count(Kind::commit) + count(Kind::rollback));
  const Control& last = controls.back();
  const bool wraps_all = controls.front().kind == Kind::begin && controls.front().statements_before == 0 &&
                         (last.kind == Kind::commit || last.kind == Kind::rollback) &&
                         last.statements_before == statements;
  if (!transactional) {
    if (transactions > 0) notice.notes.push_back({"note", "each statement is committed on its own now"});
  } else if (transactions > 1) {
    notice.notes.push_back({"note", fmt::format("they were {} transactions and now are one", transactions)});
  } else if (transactions == 1 && !wraps_all) {
    notice.notes.push_back({"note", "statements outside of the transaction are now inside"});
  }
  const bool undoes = std::any_of(controls.begin(), controls.end(),
                                  [](const Control& control) { return control.tag.starts_with("ROLLBACK"); });
  if (undoes) {
    notice.notes.push_back({"note", "what `ROLLBACK` undid now takes effect"});
    notice.helps.push_back({"look through the revision, and take out what was never meant to stay", {}});
  }
  return notice;
}

// The text without these ranges. A line that held nothing else goes too.
std::string without(std::string_view text, std::span<const ByteRange> ranges) {
  std::string rest;
  std::size_t copied = 0;
  for (const ByteRange range : ranges) {
    std::size_t begin = range.begin;
    std::size_t end = range.end;
    const std::size_t line = text.substr(0, begin).find_last_of('\n') + 1;
    const std::size_t line_end = std::min(text.find('\n', end), text.size());
    const bool alone = trim(text.substr(line, begin - line)).empty() && trim(text.substr(end, line_end - end)).empty();
    if (alone && line >= copied) {
      begin = line;
      end = std::min(line_end + 1, text.size());
    }
    rest.append(text.substr(copied, begin - copied));
    copied = end;
  }
  return rest.append(text.substr(copied));
}

std::string one_line_of_comments(std::string_view text) {
  std::string line;
  const auto tokens = sql::scan(text);
  if (!tokens) return line;
  for (const auto& token : *tokens) {
    if (token.kind != sql::TokenKind::comment || !token.range.of(text).starts_with("--")) continue;
    const std::string_view words = trim(token.range.of(text).substr(2));
    if (words.empty()) continue;
    if (!line.empty()) line += ' ';
    line += words;
  }
  return line;
}

}  // namespace

Result<Script> read_script(const ForeignFile& file) {
  if (const auto byte = find_invalid_utf8(file.text)) return fail(not_utf8(file, *byte));
  Script script;
  std::string text(make_source(file.name, with_plain_line_ends(file.text))->text());
  const SourcePtr source = make_source(file.name, disarm_directives(std::move(text), file.name, script.notices));
  MIGRATE_TRY_ASSIGN(const auto statements, sql::split_statements(source, {0, source->text().size()}));
  notice_changed_literals(file.text, source, statements, script.notices);

  std::vector<Control> controls;
  std::vector<ByteRange> removed;
  std::size_t kept = 0;
  bool transactional = true;
  std::optional<std::size_t> open_end;
  for (const auto& statement : statements) {
    const auto facts = sql::examine_statement(source->text(statement.range));
    const auto semicolon = closing_semicolon(source->text(), statement.range.end);
    if (facts.transaction_control == sql::TransactionControl::none) {
      ++kept;
      if (facts.block_rule == sql::BlockRule::forbidden) transactional = false;
      if (!semicolon) open_end = statement.range.end;
      continue;
    }
    removed.push_back(statement.range);
    if (semicolon) removed.back().end = *semicolon + 1;
    controls.push_back({statement, facts.transaction_control, facts.tag, kept});
  }
  script.has_statements = kept > 0;
  // Only the last statement can be open, and then nothing was removed after it.
  script.sql = source->text().substr(0, open_end.value_or(source->text().size()));
  if (open_end) script.sql.append(";").append(source->text().substr(*open_end));
  script.sql = without(script.sql, removed);
  if (!script.has_statements) script.comments = one_line_of_comments(script.sql);
  if (!controls.empty()) script.notices.push_back(describe_removal(source, controls, kept, transactional));
  return script;
}

}  // namespace migrate::ops::foreign
