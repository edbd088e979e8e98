#include <migrate/sql/model.hpp>

#include <nlohmann/json.hpp>

#include "sql/model/readers.hpp"

namespace migrate::sql {
namespace {

// Members in the order of the text.
using Json = nlohmann::ordered_json;

// The query of an expression: {"PLpgSQL_expr": {"query": "..."}}.
void add_query(const Json& statement, const char* member, EmbeddedSql& result) {
  const auto holder = statement.find(member);
  if (holder == statement.end() || !holder->is_object()) return;
  const auto expression = holder->find("PLpgSQL_expr");
  if (expression == holder->end() || !expression->is_object()) return;
  const auto query = expression->find("query");
  if (query != expression->end() && query->is_string()) result.statements.push_back(query->get<std::string>());
}

void add_statement(const std::string& kind, const Json& statement, EmbeddedSql& result) {
  if (!statement.is_object()) return;
  if (kind == "PLpgSQL_stmt_execsql") add_query(statement, "sqlstmt", result);
  if (kind == "PLpgSQL_stmt_perform" || kind == "PLpgSQL_stmt_call") add_query(statement, "expr", result);
  const bool is_query =
      kind == "PLpgSQL_stmt_fors" || kind == "PLpgSQL_stmt_return_query" || kind == "PLpgSQL_stmt_open";
  if (is_query) add_query(statement, "query", result);
  const bool is_dynamic = kind == "PLpgSQL_stmt_dynexecute" || kind == "PLpgSQL_stmt_dynfors" ||
                          (is_query && statement.contains("dynquery"));
  if (is_dynamic) ++result.dynamic;
}

// Without recursion, and in the order of the text.
void add_statements(const Json& root, EmbeddedSql& result) {
  std::vector<const Json*> stack{&root};
  while (!stack.empty()) {
    const Json& value = *stack.back();
    stack.pop_back();
    std::vector<const Json*> inside;
    for (const auto& [key, item] : value.items()) {
      if (value.is_object()) add_statement(key, item, result);
      if (item.is_structured()) inside.push_back(&item);
    }
    stack.insert(stack.end(), inside.rbegin(), inside.rend());
  }
}

// libpg_query aborts the program where a function has no body in quotes: only what has one is given to it.
bool is_plpgsql(std::string_view create) {
  if (create.find('\0') != std::string_view::npos) return false;
  const auto tree = parse(create);
  if (!tree || tree->size() != 1) return false;
  const PgQuery__Node& node = *tree->statement();
  const StatementTokens no_places({}, {}, {});
  if (node.node_case == PG_QUERY__NODE__NODE_DO_STMT) {
    const DoBlock block = read_do(*node.do_stmt, no_places);
    return block.language == "plpgsql" && !block.body.empty();
  }
  if (node.node_case != PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT) return false;
  const CreateFunction function = read_create_function(*node.create_function_stmt, no_places);
  return function.language == "plpgsql" && !function.body.empty();
}

bool has_body(const Json& functions) {
  if (!functions.is_array()) return false;
  for (const Json& each : functions) {
    const auto function = each.is_object() ? each.find("PLpgSQL_function") : each.end();
    if (function != each.end() && function->is_object() && function->contains("action")) return true;
  }
  return false;
}

}  // namespace

EmbeddedSql read_plpgsql(std::string_view create) {
  EmbeddedSql result;
  const auto text = is_plpgsql(create) ? parse_plpgsql(create) : std::nullopt;
  const Json functions = text ? Json::parse(*text, nullptr, false) : Json(Json::value_t::discarded);
  result.parsed = has_body(functions);
  if (result.parsed) add_statements(functions, result);
  return result;
}

}  // namespace migrate::sql
