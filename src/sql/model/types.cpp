// Schemas, types and domains.
#include "sql/model/parts.hpp"
#include "sql/model/readers.hpp"

namespace migrate::sql {
namespace {

// The words before the name of CREATE and ALTER TYPE and DOMAIN are two.
QualifiedName to_third_word(Nodes parts, const StatementTokens& tokens) {
  QualifiedName name = to_name(parts);
  name.range = tokens.name_range(2);
  return name;
}

AlterDomain::Kind to_kind(std::string_view letter, bool has_definition) {
  using Kind = AlterDomain::Kind;
  if (letter == "N") return Kind::drop_not_null;
  if (letter == "O") return Kind::set_not_null;
  if (letter == "C") return Kind::add_constraint;
  if (letter == "X") return Kind::drop_constraint;
  if (letter == "V") return Kind::validate_constraint;
  return has_definition ? Kind::set_default : Kind::drop_default;
}

}  // namespace

CreateSchema read_create_schema(const PgQuery__CreateSchemaStmt& statement, const StatementTokens& tokens) {
  CreateSchema schema;
  // Without a name of its own it has that of its owner.
  schema.name = *statement.schemaname ? std::string(statement.schemaname) : to_role(statement.authrole);
  std::size_t name = tokens.after_head({"create", "schema"});
  if (statement.if_not_exists) name = tokens.skip(name, "if not exists");
  name = tokens.skip(name, "authorization");
  schema.name_range = tokens.range(name, name + 1);
  schema.if_not_exists = statement.if_not_exists;
  schema.elements = statement.n_schema_elts;
  return schema;
}

CreateEnum read_create_enum(const PgQuery__CreateEnumStmt& statement, const StatementTokens& tokens) {
  return {to_third_word(Nodes(statement.type_name, statement.n_type_name), tokens),
          to_strings(Nodes(statement.vals, statement.n_vals))};
}

Action read_alter_enum(const PgQuery__AlterEnumStmt& statement, const StatementTokens& tokens) {
  const QualifiedName type = to_third_word(Nodes(statement.type_name, statement.n_type_name), tokens);
  if (*statement.old_val == '\0') {
    return AddEnumValue{type, statement.new_val, *statement.new_val_neighbor != '\0',
                        statement.skip_if_new_val_exists != 0};
  }
  Rename rename;
  rename.object = ObjectKind::enum_value;
  rename.relation_kind = ObjectKind::type;
  rename.relation = type;
  rename.old_name = statement.old_val;
  rename.new_name = statement.new_val;
  rename.new_name_range = tokens.range(tokens.size() - 1, tokens.size());
  return rename;
}

Action read_create_type(const PgQuery__Node& statement, const StatementTokens& tokens) {
  if (statement.node_case == PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT) {
    return CreateType{to_name(statement.composite_type_stmt->typevar, tokens)};
  }
  if (statement.node_case == PG_QUERY__NODE__NODE_CREATE_RANGE_STMT) {
    const auto& range = *statement.create_range_stmt;
    return CreateType{to_third_word(Nodes(range.type_name, range.n_type_name), tokens)};
  }
  const auto& definition = *statement.define_stmt;
  return CreateType{to_third_word(Nodes(definition.defnames, definition.n_defnames), tokens)};
}

CreateDomain read_create_domain(const PgQuery__CreateDomainStmt& statement, const StatementTokens& tokens) {
  CreateDomain domain;
  domain.name = to_third_word(Nodes(statement.domainname, statement.n_domainname), tokens);
  if (statement.type_name) domain.type = read_type(*statement.type_name, tokens);
  domain.constraints = read_constraints(Nodes(statement.constraints, statement.n_constraints), statement.coll_clause,
                                        tokens, tokens.size(), {});
  return domain;
}

AlterDomain read_alter_domain(const PgQuery__AlterDomainStmt& statement, const StatementTokens& tokens) {
  AlterDomain alter;
  alter.name = to_third_word(Nodes(statement.type_name, statement.n_type_name), tokens);
  alter.kind = to_kind(statement.subtype, statement.def != nullptr);
  alter.constraint_name = statement.name;
  if (const auto* constraint = as_constraint(statement.def)) {
    const std::size_t first = tokens.at(constraint->location);
    alter.constraint = read_constraint(*constraint, tokens, first, tokens.item_end(first));
    alter.constraint_name = alter.constraint->name;
  } else if (alter.kind == AlterDomain::Kind::set_default) {
    const std::size_t keyword = tokens.find_word("default", tokens.after_name(2), tokens.size());
    Constraint& value = alter.constraint.emplace();
    value.kind = ConstraintKind::default_value;
    value.range = tokens.range(keyword, tokens.size());
    value.expression = read_expression(*statement.def, tokens, keyword + 1, tokens.size());
  }
  return alter;
}

}  // namespace migrate::sql
