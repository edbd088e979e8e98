#include "sql/lasting_effect.hpp"

#include <span>

namespace migrate::sql {
namespace {

using Kind = LastingEffect::Kind;

CatalogName name_of(const PgQuery__RangeVar* relation) {
  return relation ? CatalogName{relation->schemaname, relation->relname} : CatalogName{};
}

// A name as a list of its parts: [database.][schema.]name
CatalogName name_of(const PgQuery__Node* object) {
  if (!object || object->node_case != PG_QUERY__NODE__NODE_LIST) return {};
  CatalogName name;
  for (const PgQuery__Node* part : std::span(object->list->items, object->list->n_items)) {
    if (part->node_case != PG_QUERY__NODE__NODE_STRING) return {};
    name.schema = std::move(name.name);
    name.name = part->string->sval;
  }
  return name;
}

LastingEffect simple(Kind kind, const char* name, bool conditional = false) {
  LastingEffect effect{.kind = kind, .object = {{}, name}, .table = {}, .conditional = conditional};
  return effect;
}

LastingEffect effect_of(const PgQuery__IndexStmt& statement) {
  if (!statement.concurrent) return {};
  LastingEffect effect{.kind = Kind::create_index,
                       .object = {{}, statement.idxname},
                       .table = name_of(statement.relation),
                       .conditional = statement.if_not_exists != 0};
  return effect;
}

LastingEffect effect_of(const PgQuery__DropStmt& statement) {
  // CONCURRENTLY takes one index only.
  if (!statement.concurrent || statement.n_objects != 1) return {};
  return {.kind = Kind::drop_index,
          .object = name_of(statement.objects[0]),
          .table = {},
          .conditional = statement.missing_ok != 0};
}

LastingEffect effect_of(const PgQuery__ReindexStmt& statement) {
  LastingEffect effect{.kind = Kind::reindex, .object = {}, .table = {}, .conditional = false};
  switch (statement.kind) {
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_INDEX: effect.object = name_of(statement.relation); break;
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_TABLE: effect.table = name_of(statement.relation); break;
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SCHEMA: effect.table.schema = statement.name; break;
    default: break;
  }
  return effect;
}

LastingEffect effect_of(const PgQuery__AlterTableStmt& statement) {
  if (statement.n_cmds != 1) return {};
  const PgQuery__AlterTableCmd& command = *statement.cmds[0]->alter_table_cmd;
  const bool detaches = command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition && command.def &&
                        command.def->node_case == PG_QUERY__NODE__NODE_PARTITION_CMD &&
                        command.def->partition_cmd->concurrent;
  if (!detaches) return {};
  return {.kind = Kind::detach_partition,
          .object = name_of(command.def->partition_cmd->name),
          .table = name_of(statement.relation),
          .conditional = false};
}

}  // namespace

LastingEffect lasting_effect(const PgQuery__Node& statement) {
  switch (statement.node_case) {
    case PG_QUERY__NODE__NODE_INDEX_STMT: return effect_of(*statement.index_stmt);
    case PG_QUERY__NODE__NODE_DROP_STMT: return effect_of(*statement.drop_stmt);
    case PG_QUERY__NODE__NODE_REINDEX_STMT: return effect_of(*statement.reindex_stmt);
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT: return effect_of(*statement.alter_table_stmt);
    case PG_QUERY__NODE__NODE_CREATEDB_STMT: return simple(Kind::create_database, statement.createdb_stmt->dbname);
    case PG_QUERY__NODE__NODE_DROPDB_STMT:
      return simple(Kind::drop_database, statement.dropdb_stmt->dbname, statement.dropdb_stmt->missing_ok != 0);
    case PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT:
      return simple(Kind::create_tablespace, statement.create_table_space_stmt->tablespacename);
    case PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT:
      return simple(Kind::drop_tablespace, statement.drop_table_space_stmt->tablespacename,
                    statement.drop_table_space_stmt->missing_ok != 0);
    case PG_QUERY__NODE__NODE_VACUUM_STMT:
    case PG_QUERY__NODE__NODE_CLUSTER_STMT:
    case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT:
    case PG_QUERY__NODE__NODE_ALTER_SYSTEM_STMT:
    case PG_QUERY__NODE__NODE_ALTER_DATABASE_STMT:
    case PG_QUERY__NODE__NODE_CHECK_POINT_STMT:
    case PG_QUERY__NODE__NODE_DISCARD_STMT:
      return {.kind = Kind::repeatable, .object = {}, .table = {}, .conditional = false};
    default: return {};
  }
}

}  // namespace migrate::sql
