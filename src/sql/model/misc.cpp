// What is said about objects, and everything else.
#include "sql/model/readers.hpp"

namespace migrate::sql {
namespace {

bool belongs_to_relation(PgQuery__ObjectType type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT:
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER:
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY:
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE: return true;
    default: return false;
  }
}

std::vector<QualifiedName> to_object_names(Nodes objects, const StatementTokens& tokens) {
  std::vector<QualifiedName> names;
  for (const PgQuery__Node* object : objects) names.push_back(to_object_name(object, tokens));
  return names;
}

}  // namespace

Comment read_comment(const PgQuery__CommentStmt& statement, const StatementTokens& tokens) {
  Comment comment;
  comment.object = to_kind(statement.objtype);
  // The server takes '' for NULL.
  comment.removes = *statement.comment == '\0';
  const auto* list = as(statement.object, PG_QUERY__NODE__NODE_LIST, &PgQuery__Node::list);
  if (!belongs_to_relation(statement.objtype) || !list || list->n_items == 0) {
    comment.name = to_object_name(statement.object, tokens);
    return comment;
  }
  const Nodes parts(list->items, list->n_items);
  const bool is_of_domain = comment.object == ObjectKind::constraint && parts.size() == 2 &&
                            parts.front()->node_case == PG_QUERY__NODE__NODE_TYPE_NAME;
  comment.name = is_of_domain ? to_object_name(parts.front(), tokens) : to_name(parts.first(parts.size() - 1));
  if (comment.object == ObjectKind::column) comment.column = to_name(parts.last(1)).name;
  return comment;
}

Privileges read_grant(const PgQuery__GrantStmt& statement, const StatementTokens& tokens) {
  return {to_kind(statement.objtype), statement.is_grant != 0,
          to_object_names(Nodes(statement.objects, statement.n_objects), tokens)};
}

Privileges read_grant_role(const PgQuery__GrantRoleStmt& statement, const StatementTokens& tokens) {
  return {ObjectKind::role, statement.is_grant != 0,
          to_object_names(Nodes(statement.granted_roles, statement.n_granted_roles), tokens)};
}

Other read_other(const PgQuery__Node& statement, std::string tag, const StatementTokens& tokens) {
  Other other;
  other.tag = std::move(tag);
  if (statement.node_case == PG_QUERY__NODE__NODE_CALL_STMT && statement.call_stmt->funccall) {
    const auto& call = *statement.call_stmt->funccall;
    other.names.push_back(to_name(Nodes(call.funcname, call.n_funcname)));
    return other;
  }
  if (statement.node_case == PG_QUERY__NODE__NODE_ALTER_OWNER_STMT && statement.alter_owner_stmt->object) {
    other.names.push_back(to_object_name(statement.alter_owner_stmt->object, tokens));
    return other;
  }
  if (statement.node_case == PG_QUERY__NODE__NODE_DEFINE_STMT) {
    const auto& definition = *statement.define_stmt;
    other.names.push_back(to_name(Nodes(definition.defnames, definition.n_defnames)));
    return other;
  }
  other.names = find_reads(statement.base, nullptr, tokens);
  return other;
}

}  // namespace migrate::sql
