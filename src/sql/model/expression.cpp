#include <algorithm>

#include "sql/model/parts.hpp"

namespace migrate::sql {
namespace {

bool is_literal(const PgQuery__Node* node);

bool are_literals(Nodes nodes) {
  return std::all_of(nodes.begin(), nodes.end(), [](const PgQuery__Node* node) { return is_literal(node); });
}

bool is_sign(const PgQuery__AExpr& operation) {
  if (operation.kind != PG_QUERY__A__EXPR__KIND__AEXPR_OP || operation.lexpr) return false;
  const auto name = to_name(Nodes(operation.name, operation.n_name)).name;
  return name == "-" || name == "+";
}

bool is_literal(const PgQuery__Node* node) {
  if (!node) return false;
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_A_CONST: return true;
    case PG_QUERY__NODE__NODE_TYPE_CAST: return is_literal(node->type_cast->arg);
    case PG_QUERY__NODE__NODE_COLLATE_CLAUSE: return is_literal(node->collate_clause->arg);
    case PG_QUERY__NODE__NODE_A_EXPR: return is_sign(*node->a_expr) && is_literal(node->a_expr->rexpr);
    case PG_QUERY__NODE__NODE_A_ARRAY_EXPR:
      return are_literals(Nodes(node->a_array_expr->elements, node->a_array_expr->n_elements));
    case PG_QUERY__NODE__NODE_ROW_EXPR: return are_literals(Nodes(node->row_expr->args, node->row_expr->n_args));
    default: return false;
  }
}

bool is_null(const PgQuery__Node* node) {
  while (node && node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) node = node->type_cast->arg;
  return node && node->node_case == PG_QUERY__NODE__NODE_A_CONST && node->a_const->isnull;
}

// "" for `*`.
std::string column_name(const PgQuery__ColumnRef& column) {
  if (column.n_fields == 0) return {};
  return to_name(Nodes(column.fields + column.n_fields - 1, 1)).name;
}

void add_once(std::vector<std::string>& names, std::string name) {
  if (!name.empty() && std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
}

// Columns that are not NULL where the expression is `truth`.
void add_proofs(const PgQuery__Node* node, bool truth, std::vector<std::string>& columns) {
  if (!node) return;
  if (node->node_case == PG_QUERY__NODE__NODE_NULL_TEST) {
    const auto& test = *node->null_test;
    const auto proving = truth ? PG_QUERY__NULL_TEST_TYPE__IS_NOT_NULL : PG_QUERY__NULL_TEST_TYPE__IS_NULL;
    const auto* column = as(test.arg, PG_QUERY__NODE__NODE_COLUMN_REF, &PgQuery__Node::column_ref);
    if (column && test.nulltesttype == proving) add_once(columns, column_name(*column));
    return;
  }
  if (node->node_case != PG_QUERY__NODE__NODE_BOOL_EXPR) return;
  const auto& operation = *node->bool_expr;
  const bool negates = operation.boolop == PG_QUERY__BOOL_EXPR_TYPE__NOT_EXPR;
  const auto all_hold = truth ? PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR : PG_QUERY__BOOL_EXPR_TYPE__OR_EXPR;
  if (!negates && operation.boolop != all_hold) return;
  for (const PgQuery__Node* part : Nodes(operation.args, operation.n_args)) {
    add_proofs(part, negates ? !truth : truth, columns);
  }
}

}  // namespace

Expression read_expression(const PgQuery__Node& node, const StatementTokens& tokens, std::size_t first,
                           std::size_t last) {
  Expression expression;
  expression.range = tokens.range(first, last);
  expression.text = tokens.text(expression.range);
  expression.literal = is_literal(&node);
  expression.null = is_null(&node);
  expression.functions = find_functions(node.base);
  walk(node.base, [&](const ProtobufCMessage& message) {
    if (const auto* column = cast<PgQuery__ColumnRef>(message, pg_query__column_ref__descriptor)) {
      add_once(expression.columns, column_name(*column));
    }
    if (message.descriptor == &pg_query__sub_link__descriptor) expression.has_subquery = true;
    return true;
  });
  add_proofs(&node, true, expression.proves_not_null);
  return expression;
}

Expression read_expression_in_parentheses(const PgQuery__Node& node, const StatementTokens& tokens, std::size_t from) {
  const std::size_t open = tokens.find("(", from, tokens.size());
  const std::size_t next = tokens.after(open);
  return read_expression(node, tokens, open + 1, next > open ? next - 1 : open);
}

}  // namespace migrate::sql
