#include "sql/model/readers.hpp"

namespace migrate::sql {
namespace {

bool belongs_to_relation(PgQuery__ObjectType type) {
  return type == PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER || type == PG_QUERY__OBJECT_TYPE__OBJECT_POLICY ||
         type == PG_QUERY__OBJECT_TYPE__OBJECT_RULE;
}

// DROP kind [CONCURRENTLY] [IF EXISTS]; the kinds that have no name here have no place either.
std::size_t names_begin(const PgQuery__DropStmt& statement, const StatementTokens& tokens) {
  std::size_t index = tokens.skip(1, to_text(to_kind(statement.remove_type)));
  if (index == 1) index = tokens.skip(1, "routine");
  if (index == 1) return tokens.size();
  if (statement.concurrent) index = tokens.skip(index, "concurrently");
  return statement.missing_ok ? tokens.skip(index, "if exists") : index;
}

// {schema, table, name} of a trigger and its like.
QualifiedName split_relation(const PgQuery__List& list, std::string& own_name) {
  if (list.n_items == 0) return {};
  own_name = to_name(Nodes(list.items + list.n_items - 1, 1)).name;
  return to_name(Nodes(list.items, list.n_items - 1));
}

// The word after the last TO.
ByteRange find_new_name(const StatementTokens& tokens) {
  std::size_t name = tokens.size();
  for (std::size_t i = 0; i < tokens.size(); i = tokens.after(i)) {
    if (tokens.is_word(i, "to")) name = i + 1;
  }
  return tokens.range(name, name + 1);
}

Drop drop_one(ObjectKind kind, std::string_view name, bool if_exists) {
  Drop drop;
  drop.object = kind;
  drop.if_exists = if_exists;
  drop.names.push_back({{}, std::string(name), {}});
  return drop;
}

void add_range(Drop& drop, std::size_t first, const StatementTokens& tokens) {
  for (QualifiedName& name : drop.names) {
    name.range = tokens.name_range(first);
    first = tokens.item_end(first) + 1;
  }
}

// `ALTER kind name`, of what the tree tells no place.
void add_range(QualifiedName& name, ObjectKind kind, const StatementTokens& tokens) {
  if (!name.range.empty()) return;
  std::size_t index = tokens.skip(1, to_text(kind));
  if (index == 1) return;
  index = tokens.skip(index, "if exists");
  name.range = tokens.name_range(index);
}

}  // namespace

Drop read_drop(const PgQuery__DropStmt& statement, const StatementTokens& tokens) {
  Drop drop;
  drop.object = to_kind(statement.remove_type);
  drop.if_exists = statement.missing_ok;
  drop.cascade = statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
  drop.concurrently = statement.concurrent;
  const std::size_t begin = names_begin(statement, tokens);
  const Nodes objects(statement.objects, statement.n_objects);
  if (belongs_to_relation(statement.remove_type)) {
    for (const PgQuery__Node* object : objects) {
      const auto* list = as(object, PG_QUERY__NODE__NODE_LIST, &PgQuery__Node::list);
      if (!list) continue;
      QualifiedName relation = split_relation(*list, drop.of_table.emplace_back());
      relation.range = tokens.name_range(tokens.find_word("on", begin, tokens.size()) + 1);
      drop.names.push_back(std::move(relation));
    }
    return drop;
  }
  for (const PgQuery__Node* object : objects) drop.names.push_back(to_object_name(object, tokens));
  add_range(drop, begin, tokens);
  return drop;
}

Action read_drop_shared(const PgQuery__Node& statement, const StatementTokens& tokens) {
  Drop drop;
  if (statement.node_case == PG_QUERY__NODE__NODE_DROPDB_STMT) {
    const auto& node = *statement.dropdb_stmt;
    drop = drop_one(ObjectKind::database, node.dbname, node.missing_ok);
  } else if (statement.node_case == PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT) {
    const auto& node = *statement.drop_table_space_stmt;
    drop = drop_one(ObjectKind::tablespace, node.tablespacename, node.missing_ok);
  } else if (statement.node_case == PG_QUERY__NODE__NODE_DROP_SUBSCRIPTION_STMT) {
    const auto& node = *statement.drop_subscription_stmt;
    drop = drop_one(ObjectKind::subscription, node.subname, node.missing_ok);
  } else {
    const auto& node = *statement.drop_role_stmt;
    drop.object = ObjectKind::role;
    drop.if_exists = node.missing_ok;
    for (const PgQuery__Node* role : Nodes(node.roles, node.n_roles)) {
      drop.names.push_back({{}, to_role(as(role, PG_QUERY__NODE__NODE_ROLE_SPEC, &PgQuery__Node::role_spec)), {}});
    }
  }
  // DROP ROLE, USER and GROUP are one.
  add_range(drop, tokens.skip(2, "if exists"), tokens);
  return drop;
}

Rename read_rename(const PgQuery__RenameStmt& statement, const StatementTokens& tokens) {
  Rename rename;
  rename.object = to_kind(statement.rename_type);
  rename.new_name = statement.newname;
  rename.new_name_range = find_new_name(tokens);
  rename.if_exists = statement.missing_ok;
  const bool is_domain_constraint = statement.rename_type == PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT;
  if (statement.relation) {
    rename.relation = to_name(*statement.relation, tokens);
    rename.old_name = statement.subname;
  } else if (statement.object) {
    rename.relation = to_object_name(statement.object, tokens);
    rename.old_name = statement.subname;
    add_range(rename.relation, is_domain_constraint ? ObjectKind::domain : rename.object, tokens);
  } else {
    // Schemas, roles, databases: the name itself is where others have the name of a part.
    rename.relation.name = statement.subname;
    add_range(rename.relation, rename.object, tokens);
  }
  rename.relation_kind = to_kind(statement.relation_type);
  if (rename.relation_kind == ObjectKind::other) rename.relation_kind = ObjectKind::table;
  if (is_domain_constraint) rename.relation_kind = ObjectKind::domain;
  if (rename.object == ObjectKind::attribute) rename.relation_kind = ObjectKind::type;
  return rename;
}

SetSchema read_set_schema(const PgQuery__AlterObjectSchemaStmt& statement, const StatementTokens& tokens) {
  SetSchema result;
  result.object = to_kind(statement.object_type);
  result.name = statement.relation ? to_name(*statement.relation, tokens) : to_object_name(statement.object, tokens);
  add_range(result.name, result.object, tokens);
  result.new_schema = statement.newschema;
  return result;
}

}  // namespace migrate::sql
