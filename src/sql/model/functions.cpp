// Views, triggers, functions and DO.
#include "sql/model/readers.hpp"
#include "sql/option.hpp"

namespace migrate::sql {
namespace {

std::string option_text(Options options, std::string_view name) {
  const auto* option = find_option(options, name);
  if (!option || !option->arg) return {};
  if (const auto* text = as(option->arg, PG_QUERY__NODE__NODE_STRING, &PgQuery__Node::string)) return text->sval;
  const auto* list = as(option->arg, PG_QUERY__NODE__NODE_LIST, &PgQuery__Node::list);
  const auto parts = list ? to_strings(Nodes(list->items, list->n_items)) : std::vector<std::string>{};
  return parts.empty() ? std::string() : parts.front();
}

// What stands between the quotes of the literal at `index`; empty where that is not the text that the literal says.
ByteRange inside_quotes(const StatementTokens& tokens, std::size_t index, std::string_view body) {
  const ByteRange literal = tokens.range(index, index + 1);
  const std::string_view text = tokens.text(literal);
  std::size_t quote = text.find('\'');
  if (text.starts_with("$")) quote = text.find('$', 1);
  if (quote == std::string_view::npos || text.substr(quote + 1, body.size()) != body) return {};
  const std::size_t begin = literal.begin + quote + 1;
  return {begin, begin + body.size()};
}

// DO has its text anywhere among its options, CREATE FUNCTION after AS.
ByteRange find_body(const StatementTokens& tokens, const PgQuery__DefElem* option, std::string_view body) {
  std::size_t index = option ? tokens.at(option->location) : tokens.size();
  while (index < tokens.size() && !tokens.is_string(index)) ++index;
  return inside_quotes(tokens, index, body);
}

// RETURN ... or BEGIN ATOMIC ... END at the end of the statement.
void read_sql_body(const StatementTokens& tokens, std::size_t from, CreateFunction& function) {
  for (std::size_t i = from; i < tokens.size(); i = tokens.after(i)) {
    if (!tokens.is_word(i, "return") && tokens.skip(i, "begin atomic") == i) continue;
    function.body_range = tokens.range(i, tokens.size());
    function.body = tokens.text(function.body_range);
    return;
  }
}

}  // namespace

CreateView read_create_view(const PgQuery__ViewStmt& statement, const StatementTokens& tokens) {
  CreateView view;
  view.name = to_name(statement.view, tokens);
  view.or_replace = statement.replace;
  view.temporary = statement.view && std::string_view(statement.view->relpersistence) == "t";
  view.reads = find_reads(statement.base, statement.view, tokens);
  return view;
}

CreateTrigger read_create_trigger(const PgQuery__CreateTrigStmt& statement, const StatementTokens& tokens) {
  CreateTrigger trigger;
  trigger.name = statement.trigname;
  const std::size_t name = tokens.after_head({"create", "or replace", "constraint", "trigger"});
  trigger.name_range = tokens.range(name, name + 1);
  trigger.table = to_name(statement.relation, tokens);
  trigger.function = to_name(Nodes(statement.funcname, statement.n_funcname));
  trigger.or_replace = statement.replace;
  trigger.constraint = statement.isconstraint;
  trigger.for_each_row = statement.row;
  return trigger;
}

CreateFunction read_create_function(const PgQuery__CreateFunctionStmt& statement, const StatementTokens& tokens) {
  CreateFunction function;
  const Options options(statement.options, statement.n_options);
  const std::size_t name = tokens.after_head({"create", "or replace", "function", "procedure"});
  function.name = to_name(Nodes(statement.funcname, statement.n_funcname));
  function.name.range = tokens.name_range(name);
  function.or_replace = statement.replace;
  function.procedure = statement.is_procedure;
  function.language = option_text(options, "language");
  function.volatility = option_text(options, "volatility");
  function.arguments = statement.n_parameters;
  if (statement.sql_body) {
    if (function.language.empty()) function.language = "sql";
    read_sql_body(tokens, tokens.after(tokens.after_name(name)), function);
    return function;
  }
  function.body = option_text(options, "as");
  function.body_range = find_body(tokens, find_option(options, "as"), function.body);
  return function;
}

DoBlock read_do(const PgQuery__DoStmt& statement, const StatementTokens& tokens) {
  DoBlock block;
  const Options options(statement.args, statement.n_args);
  block.language = option_text(options, "language");
  if (block.language.empty()) block.language = "plpgsql";
  block.body = option_text(options, "as");
  block.body_range = find_body(tokens, find_option(options, "as"), block.body);
  return block;
}

}  // namespace migrate::sql
