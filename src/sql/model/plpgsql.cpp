#include <migrate/sql/model.hpp>

#include <nlohmann/json.hpp>

#include "sql/pg_query.hpp"

namespace migrate::sql {
namespace {

using Json = nlohmann::json;

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
  if (kind == "PLpgSQL_stmt_perform") add_query(statement, "expr", result);
  if (kind == "PLpgSQL_stmt_fors" || kind == "PLpgSQL_stmt_return_query") add_query(statement, "query", result);
  const bool is_dynamic = kind == "PLpgSQL_stmt_dynexecute" || kind == "PLpgSQL_stmt_dynfors" ||
                          (kind == "PLpgSQL_stmt_return_query" && statement.contains("dynquery"));
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

}  // namespace

EmbeddedSql read_plpgsql(std::string_view create) {
  EmbeddedSql result;
  const auto text = create.find('\0') == std::string_view::npos ? parse_plpgsql(create) : std::nullopt;
  const Json functions = text ? Json::parse(*text, nullptr, false) : Json(Json::value_t::discarded);
  result.parsed = functions.is_array() && !functions.empty();
  if (result.parsed) add_statements(functions, result);
  return result;
}

}  // namespace migrate::sql
