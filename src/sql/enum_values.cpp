#include "sql/enum_values.hpp"

#include <algorithm>
#include <span>

#include <migrate/base/text.hpp>

namespace migrate::sql {
namespace {

std::string last_name(PgQuery__Node* const* names, std::size_t count) {
  if (count == 0 || names[count - 1]->node_case != PG_QUERY__NODE__NODE_STRING) return {};
  return names[count - 1]->string->sval;
}

}  // namespace

std::optional<AddedEnumValue> added_enum_value(const PgQuery__Node& statement) {
  if (statement.node_case != PG_QUERY__NODE__NODE_ALTER_ENUM_STMT) return std::nullopt;
  const PgQuery__AlterEnumStmt& alter = *statement.alter_enum_stmt;
  const bool renames = *alter.old_val != '\0';
  if (renames) return std::nullopt;
  return AddedEnumValue{last_name(alter.type_name, alter.n_type_name), alter.new_val};
}

std::string created_enum(const PgQuery__Node& statement) {
  if (statement.node_case != PG_QUERY__NODE__NODE_CREATE_ENUM_STMT) return {};
  const PgQuery__CreateEnumStmt& create = *statement.create_enum_stmt;
  return last_name(create.type_name, create.n_type_name);
}

std::optional<std::size_t> first_use_of_new_enum_value(const SourcePtr& source, std::span<const Statement> statements,
                                                       std::span<const StatementFacts> facts) {
  std::vector<std::string> own_types;
  std::vector<std::string> literals;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const std::string_view text = source->text(statements[i].range);
    const bool adds = facts[i].added_enum_value.has_value();
    if (!adds && std::any_of(literals.begin(), literals.end(), [&](const std::string& literal) {
          return text.find(literal) != std::string_view::npos;
        })) {
      return i;
    }
    if (!facts[i].created_enum.empty()) own_types.push_back(facts[i].created_enum);
    if (!adds) continue;
    const auto& added = *facts[i].added_enum_value;
    // A value of a type that the same transaction made may be used at once.
    if (std::find(own_types.begin(), own_types.end(), added.type) != own_types.end()) continue;
    literals.push_back(quote_literal(added.value));
  }
  return std::nullopt;
}

}  // namespace migrate::sql
