#include "sql/destroyed_objects.hpp"

#include "sql/identifier.hpp"

namespace migrate::sql {
namespace {

using Nodes = std::span<PgQuery__Node* const>;

std::string to_name(const PgQuery__RangeVar& table) {
  std::string name;
  if (*table.schemaname) name = quote_where_needed(table.schemaname) + ".";
  return name + quote_where_needed(table.relname);
}

// The objects of DROP are lists of strings: {schema, table}, {database, schema, table}, or one string.
std::string to_name(const PgQuery__Node& object) {
  if (object.node_case == PG_QUERY__NODE__NODE_STRING) return quote_where_needed(object.string->sval);
  if (object.node_case != PG_QUERY__NODE__NODE_LIST) return {};
  std::string name;
  for (const PgQuery__Node* part : Nodes(object.list->items, object.list->n_items)) {
    if (part->node_case != PG_QUERY__NODE__NODE_STRING) continue;
    if (!name.empty()) name += '.';
    name += quote_where_needed(part->string->sval);
  }
  return name;
}

std::vector<DestroyedObject> dropped(const PgQuery__DropStmt& statement) {
  const bool is_table = statement.remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_TABLE;
  // Without CASCADE a schema is dropped only where it is empty.
  const bool is_full_schema = statement.remove_type == PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA &&
                              statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
  std::vector<DestroyedObject> objects;
  if (!is_table && !is_full_schema) return objects;
  for (const PgQuery__Node* object : Nodes(statement.objects, statement.n_objects)) {
    const std::string name = to_name(*object);
    objects.push_back(is_table ? DestroyedObject{name, name} : DestroyedObject{"schema " + name, {}});
  }
  return objects;
}

std::vector<DestroyedObject> dropped_columns(const PgQuery__AlterTableStmt& statement) {
  std::vector<DestroyedObject> objects;
  if (statement.objtype != PG_QUERY__OBJECT_TYPE__OBJECT_TABLE) return objects;
  for (const PgQuery__Node* node : Nodes(statement.cmds, statement.n_cmds)) {
    const PgQuery__AlterTableCmd& command = *node->alter_table_cmd;
    if (command.subtype != PG_QUERY__ALTER_TABLE_TYPE__AT_DropColumn) continue;
    const std::string table = to_name(*statement.relation);
    objects.push_back({table + "." + quote_where_needed(command.name), table});
  }
  return objects;
}

std::vector<DestroyedObject> emptied(const PgQuery__TruncateStmt& statement) {
  std::vector<DestroyedObject> objects;
  for (const PgQuery__Node* node : Nodes(statement.relations, statement.n_relations)) {
    const std::string table = to_name(*node->range_var);
    objects.push_back({table, table});
  }
  return objects;
}

std::vector<DestroyedObject> owned_by(const PgQuery__DropOwnedStmt& statement) {
  std::vector<DestroyedObject> objects;
  for (const PgQuery__Node* node : Nodes(statement.roles, statement.n_roles)) {
    const std::string role =
        *node->role_spec->rolename ? quote_where_needed(node->role_spec->rolename) : std::string("the current role");
    objects.push_back({"all that " + role + " owns", {}});
  }
  return objects;
}

}  // namespace

std::vector<DestroyedObject> destroyed_objects(const PgQuery__Node& statement) {
  switch (statement.node_case) {
    case PG_QUERY__NODE__NODE_DROP_STMT: return dropped(*statement.drop_stmt);
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT: return dropped_columns(*statement.alter_table_stmt);
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT: return emptied(*statement.truncate_stmt);
    case PG_QUERY__NODE__NODE_DROP_OWNED_STMT: return owned_by(*statement.drop_owned_stmt);
    case PG_QUERY__NODE__NODE_DROPDB_STMT:
      return {{"database " + quote_where_needed(statement.dropdb_stmt->dbname), {}}};
    case PG_QUERY__NODE__NODE_DELETE_STMT: {
      const PgQuery__DeleteStmt& statement_ = *statement.delete_stmt;
      if (statement_.where_clause) return {};
      const std::string table = to_name(*statement_.relation);
      return {{table, table}};
    }
    default: return {};
  }
}

}  // namespace migrate::sql
