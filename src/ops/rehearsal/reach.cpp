#include "ops/rehearsal/reach.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/sql/model.hpp>

namespace migrate::ops {
namespace {

using Kind = Reach::Kind;

// Kinds of objects after CREATE, ALTER or DROP, and what people call them.
struct SharedKind {
  std::string_view tag, name;
};
constexpr std::array shared_kinds{
    SharedKind{"ROLE", "roles"},
    SharedKind{"USER", "roles"},
    SharedKind{"GROUP", "roles"},
    SharedKind{"DATABASE", "databases and their settings"},
    SharedKind{"TABLESPACE", "tablespaces"},
    SharedKind{"SYSTEM", "settings of ALTER SYSTEM"},
    SharedKind{"SUBSCRIPTION", "subscriptions"},
    SharedKind{"OWNED", "privileges on databases and tablespaces"},
};

Reach shared(const sql::StatementFacts& facts, std::string_view name) {
  return {Kind::server, facts.summary,
          fmt::format("{} belong to the whole server: in a copy beside the original this changes the real ones", name)};
}

// The words of a statement in lower case, other tokens as they stand; without comments.
std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  const auto tokens = sql::scan(text);
  if (!tokens) return words;
  for (const auto& token : *tokens) {
    if (token.kind == sql::TokenKind::comment) continue;
    const auto word = token.range.of(text);
    words.push_back(token.kind == sql::TokenKind::word ? to_lower_ascii(word) : std::string(word));
  }
  return words;
}

bool holds(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The kind of object after the first ON, which is a reserved word; empty where a name of its own stands there.
std::string_view kind_after_on(const std::vector<std::string>& words) {
  const auto on = std::find(words.begin(), words.end(), "on");
  if (on == words.end() || on + 1 == words.end()) return {};
  if (on + 2 == words.end()) return *(on + 1);
  const std::string& next = *(on + 2);
  const bool is_name = next == "to" || next == "from" || next == "," || next == "." || next == "is";
  return is_name ? std::string_view() : std::string_view(*(on + 1));
}

Reach reach_of_grant(const sql::StatementFacts& facts, std::string_view text) {
  const auto words = words_of(text);
  if (!holds(words, "on")) {
    return holds(words, "to") || holds(words, "from") ? shared(facts, "memberships in roles") : Reach{};
  }
  const auto kind = kind_after_on(words);
  if (kind == "database" || kind == "tablespace") return shared(facts, "privileges on databases and tablespaces");
  return kind == "parameter" ? shared(facts, "privileges on parameters") : Reach{};
}

Reach reach_of_remark(const sql::StatementFacts& facts, std::string_view text) {
  const auto words = words_of(text);
  const auto kind = kind_after_on(words);
  const bool wide = kind == "role" || kind == "database" || kind == "tablespace";
  return wide ? shared(facts, "comments and labels of roles, databases and tablespaces") : Reach{};
}

Reach reach_of_definition(const sql::StatementFacts& facts, std::string_view text, std::string_view object) {
  const auto* known = std::find_if(shared_kinds.begin(), shared_kinds.end(),
                                   [&](const SharedKind& kind) { return kind.tag == object; });
  if (known == shared_kinds.end()) return {};
  if (facts.tag == "CREATE TABLESPACE") {
    return {Kind::further, facts.summary, "its folder is outside of every copy"};
  }
  const bool is_subscribing = facts.tag == "CREATE SUBSCRIPTION";
  if (!is_subscribing && object != "USER") return shared(facts, known->name);
  const auto words = words_of(text);
  if (is_subscribing && !(holds(words, "connect") && holds(words, "false"))) {
    return {Kind::further, facts.summary, "it connects to another server and makes a replication slot there"};
  }
  // CREATE USER MAPPING IF NOT EXISTS FOR: a mapping is its database's.
  const bool is_mapping = words.size() > 3 && words[2] == "mapping" && (words[3] == "if" || words[3] == "for");
  return is_mapping ? Reach{} : shared(facts, known->name);
}

// The literals of a body that make SQL: EXECUTE 'CREATE ROLE ...', format('ALTER DATABASE %I ...').
std::vector<std::string> literals_of(std::string_view body) {
  std::vector<std::string> literals;
  const auto tokens = sql::scan(body);
  if (!tokens) return literals;
  for (const auto& token : *tokens) {
    if (token.kind != sql::TokenKind::string) continue;
    std::string_view literal = token.range.of(body);
    const auto open = literal.find_first_of("'$");
    if (open == std::string_view::npos) continue;
    const char mark = literal[open];
    const auto begin = mark == '$' ? literal.find('$', open + 1) : open;
    const auto end = literal.rfind(mark == '$' ? literal.substr(open, begin - open + 1) : "'");
    if (begin == std::string_view::npos || end == std::string_view::npos || end <= begin) continue;
    literals.emplace_back(trim(literal.substr(begin + 1, end - begin - 1)));
  }
  return literals;
}

Reach reach_of_block(const sql::StatementFacts& facts, std::string_view text) {
  const auto source = make_source("<block>", std::string(text));
  const auto model = sql::read_model(source, {0, source->text().size()});
  const auto* block = std::get_if<sql::DoBlock>(&model.action);
  auto inside = sql::read_plpgsql(text);
  Reach farthest;
  if (!inside.parsed || inside.dynamic > 0 || !block) {
    farthest = {Kind::unknown, facts.summary, "it runs SQL that cannot be read before it runs"};
    auto literals = literals_of(block ? std::string_view(block->body) : text);
    inside.statements.insert(inside.statements.end(), literals.begin(), literals.end());
  }
  for (const auto& statement : inside.statements) {
    auto reach = reach_of(sql::examine_statement(statement), statement);
    if (reach.kind > farthest.kind) farthest = std::move(reach);
  }
  return farthest;
}

}  // namespace

Reach reach_of(const sql::StatementFacts& facts, std::string_view text) {
  const std::string_view tag = facts.tag;
  if (tag == "GRANT" || tag == "REVOKE") return reach_of_grant(facts, text);
  if (tag == "COMMENT" || tag == "SECURITY LABEL") return reach_of_remark(facts, text);
  if (tag == "REASSIGN OWNED") return shared(facts, "owners of databases and tablespaces");
  if (tag == "DO") return reach_of_block(facts, text);
  if (tag == "CALL") return {Kind::unknown, facts.summary, "what its procedure does is not seen before it runs"};
  for (const std::string_view verb : {"CREATE ", "ALTER ", "DROP "}) {
    if (tag.starts_with(verb)) return reach_of_definition(facts, text, tag.substr(verb.size()));
  }
  return {};
}

}  // namespace migrate::ops
