#include <migrate/sql/statement.hpp>

#include <algorithm>

#include "sql/block_rule.hpp"
#include "sql/copy_statement.hpp"
#include "sql/destroyed_objects.hpp"
#include "sql/enum_values.hpp"
#include "sql/lasting_effect.hpp"
#include "sql/partial_scan.hpp"
#include "sql/statement_head.hpp"
#include "sql/try_parse.hpp"

namespace migrate::sql {
namespace {

std::vector<Token> first_tokens(std::string_view text) {
  std::vector<Token> tokens = scan_partially(text.substr(0, head_size)).tokens;
  std::erase_if(tokens, [](const Token& token) { return token.kind == TokenKind::comment; });
  return tokens;
}

void set_block_facts(StatementFacts& facts, const BlockFacts& block) {
  facts.block_rule = block.rule;
  facts.transaction_control = block.control;
  facts.concurrently = block.concurrently;
}

}  // namespace

StatementFacts facts_of(std::string_view statement_text, const std::optional<Parsed>& tree) {
  const std::vector<Token> tokens = first_tokens(statement_text);
  StatementFacts facts;
  StatementHead head = read_head(tokens, statement_text);
  facts.tag = std::move(head.tag);
  facts.summary = std::move(head.summary);
  const CopyDirection direction = copy_direction(tokens, statement_text);
  facts.is_copy_from_stdin = direction == CopyDirection::from_client;
  facts.is_copy_to_stdout = direction == CopyDirection::to_client;
  set_block_facts(facts, block_facts_of_tag(facts.tag));

  if (!tree) return facts;
  if (!*tree) {
    facts.parsed = false;
    facts.syntax_error = tree->error();
    return facts;
  }
  if (const PgQuery__Node* statement = (*tree)->statement()) {
    set_block_facts(facts, block_facts(*statement));
    facts.destroys = destroyed_objects(*statement);
    facts.added_enum_value = added_enum_value(*statement);
    facts.created_enum = created_enum(*statement);
    facts.effect = lasting_effect(*statement);
  }
  return facts;
}

StatementFacts examine_statement(std::string_view statement_text) {
  return facts_of(statement_text, try_parse(statement_text));
}

}  // namespace migrate::sql
