#include <algorithm>
#include <array>

#include "sql/model/parts.hpp"
#include "sql/model/readers.hpp"

namespace migrate::sql {
namespace {

struct Row {
  std::string_view name;  // as PostgreSQL calls it, without AT_
  AlterKind kind;
};

// By name: the numbers differ between versions of the parser, and some have kinds that others have not.
constexpr std::array rows{
    Row{"AddColumn", AlterKind::add_column},
    Row{"DropColumn", AlterKind::drop_column},
    Row{"ColumnDefault", AlterKind::set_default},
    Row{"SetNotNull", AlterKind::set_not_null},
    Row{"DropNotNull", AlterKind::drop_not_null},
    Row{"AlterColumnType", AlterKind::set_type},
    Row{"SetStatistics", AlterKind::set_statistics},
    Row{"SetStorage", AlterKind::set_storage},
    Row{"SetCompression", AlterKind::set_compression},
    Row{"SetExpression", AlterKind::set_expression},
    Row{"DropExpression", AlterKind::drop_expression},
    Row{"AddIdentity", AlterKind::add_identity},
    Row{"SetIdentity", AlterKind::set_identity},
    Row{"DropIdentity", AlterKind::drop_identity},
    Row{"SetOptions", AlterKind::column_options},
    Row{"ResetOptions", AlterKind::column_options},
    Row{"AlterColumnGenericOptions", AlterKind::column_options},
    Row{"AddConstraint", AlterKind::add_constraint},
    Row{"ValidateConstraint", AlterKind::validate_constraint},
    Row{"AlterConstraint", AlterKind::alter_constraint},
    Row{"DropConstraint", AlterKind::drop_constraint},
    Row{"AttachPartition", AlterKind::attach_partition},
    Row{"DetachPartition", AlterKind::detach_partition},
    Row{"DetachPartitionFinalize", AlterKind::finalize_detach},
    Row{"AddInherit", AlterKind::inherit},
    Row{"DropInherit", AlterKind::no_inherit},
    Row{"AddOf", AlterKind::of_type},
    Row{"DropOf", AlterKind::not_of_type},
    Row{"EnableTrig", AlterKind::enable_trigger},
    Row{"EnableAlwaysTrig", AlterKind::enable_trigger},
    Row{"EnableReplicaTrig", AlterKind::enable_trigger},
    Row{"EnableTrigAll", AlterKind::enable_trigger},
    Row{"EnableTrigUser", AlterKind::enable_trigger},
    Row{"DisableTrig", AlterKind::disable_trigger},
    Row{"DisableTrigAll", AlterKind::disable_trigger},
    Row{"DisableTrigUser", AlterKind::disable_trigger},
    Row{"EnableRule", AlterKind::enable_rule},
    Row{"EnableAlwaysRule", AlterKind::enable_rule},
    Row{"EnableReplicaRule", AlterKind::enable_rule},
    Row{"DisableRule", AlterKind::disable_rule},
    Row{"EnableRowSecurity", AlterKind::row_security},
    Row{"DisableRowSecurity", AlterKind::row_security},
    Row{"ForceRowSecurity", AlterKind::row_security},
    Row{"NoForceRowSecurity", AlterKind::row_security},
    Row{"ReplicaIdentity", AlterKind::replica_identity},
    Row{"ChangeOwner", AlterKind::owner},
    Row{"SetLogged", AlterKind::set_logged},
    Row{"SetUnLogged", AlterKind::set_unlogged},
    Row{"SetTableSpace", AlterKind::set_tablespace},
    Row{"SetAccessMethod", AlterKind::set_access_method},
    Row{"SetRelOptions", AlterKind::set_options},
    Row{"ResetRelOptions", AlterKind::reset_options},
    Row{"GenericOptions", AlterKind::set_options},
    Row{"ClusterOn", AlterKind::cluster_on},
    Row{"DropCluster", AlterKind::set_without_cluster},
};

std::string_view name_of(PgQuery__AlterTableType type) {
  const auto* value = protobuf_c_enum_descriptor_get_value(&pg_query__alter_table_type__descriptor, type);
  if (!value) return {};
  std::string_view name = value->name;
  if (name.starts_with("AT_")) name.remove_prefix(3);
  return name;
}

AlterKind to_kind(const PgQuery__AlterTableCmd& command, ObjectKind object) {
  const std::string_view name = name_of(command.subtype);
  const auto* row = std::find_if(rows.begin(), rows.end(), [&](const Row& each) { return each.name == name; });
  if (row == rows.end()) return AlterKind::other;
  if (row->kind == AlterKind::set_default && !command.def) return AlterKind::drop_default;
  if (object != ObjectKind::type) return row->kind;
  switch (row->kind) {
    case AlterKind::add_column: return AlterKind::add_attribute;
    case AlterKind::drop_column: return AlterKind::drop_attribute;
    case AlterKind::set_type: return AlterKind::alter_attribute;
    default: return row->kind;
  }
}

// ALTER COLUMN ... TYPE: the tree has a column for it, whose default is what follows USING.
void read_new_type(const PgQuery__ColumnDef& column, const StatementTokens& tokens, std::size_t first, std::size_t last,
                   AlterCommand& result) {
  if (column.type_name) result.type = read_type(*column.type_name, tokens);
  result.collation = read_collation(column.coll_clause);
  if (!column.raw_default) return;
  result.expression = read_expression(*column.raw_default, tokens, tokens.find_word("using", first, last) + 1, last);
}

void read_partition(const PgQuery__PartitionCmd& partition, const StatementTokens& tokens, AlterCommand& result) {
  result.other = to_name(partition.name, tokens);
  result.concurrently = partition.concurrent;
  result.default_partition = partition.bound && partition.bound->is_default;
}

// An expression that makes the rest of the command: DEFAULT 1, EXPRESSION AS (a + b).
void read_expression_of(const PgQuery__Node& node, const StatementTokens& tokens, std::size_t first, std::size_t last,
                        AlterCommand& result) {
  result.expression = result.kind == AlterKind::set_expression
                          ? read_expression_in_parentheses(node, tokens, first)
                          : read_expression(node, tokens, tokens.find_word("default", first, last) + 1, last);
}

void read_definition_of(const PgQuery__Node& node, const StatementTokens& tokens, std::size_t first, std::size_t last,
                        AlterCommand& result) {
  if (result.kind == AlterKind::set_default || result.kind == AlterKind::set_expression) {
    read_expression_of(node, tokens, first, last, result);
    return;
  }
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_COLUMN_DEF:
      if (result.kind == AlterKind::set_type || result.kind == AlterKind::alter_attribute) {
        read_new_type(*node.column_def, tokens, first, last, result);
      } else {
        result.column = read_column(*node.column_def, tokens);
        result.name = result.column->name;
      }
      return;
    case PG_QUERY__NODE__NODE_CONSTRAINT: {
      const std::size_t begin = tokens.at(node.constraint->location);
      result.constraint = read_constraint(*node.constraint, tokens, begin < last ? begin : first, last);
      if (result.name.empty()) result.name = result.constraint->name;
      return;
    }
    case PG_QUERY__NODE__NODE_PARTITION_CMD: read_partition(*node.partition_cmd, tokens, result); return;
    case PG_QUERY__NODE__NODE_RANGE_VAR: result.other = to_name(*node.range_var, tokens); return;
    case PG_QUERY__NODE__NODE_TYPE_NAME: result.other = to_object_name(&node, tokens); return;
    case PG_QUERY__NODE__NODE_REPLICA_IDENTITY_STMT: result.name = node.replica_identity_stmt->name; return;
    case PG_QUERY__NODE__NODE_LIST:
      for (const PgQuery__Node* item : Nodes(node.list->items, node.list->n_items)) {
        if (const auto* option = as_option(item)) result.options.emplace_back(option->defname);
      }
      return;
    default: return;
  }
}

AlterCommand read_command(const PgQuery__AlterTableCmd& command, ObjectKind object, const StatementTokens& tokens,
                          std::size_t first, std::size_t last) {
  AlterCommand result;
  result.kind = to_kind(command, object);
  result.range = tokens.range(first, last);
  result.name = command.name;
  if (result.kind == AlterKind::owner) result.name = to_role(command.newowner);
  result.cascade = command.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE;
  const bool adds = result.kind == AlterKind::add_column;
  result.if_not_exists = adds && command.missing_ok;
  result.if_exists = !adds && command.missing_ok;
  const std::string_view kind = name_of(command.subtype);
  result.all_triggers = kind.ends_with("TrigAll") || kind.ends_with("TrigUser");
  result.enables = !kind.starts_with("Disable") && !kind.starts_with("NoForce");
  if (command.def) read_definition_of(*command.def, tokens, first, last, result);
  return result;
}

// Commands begin after the relation's name, `*` and the parenthesis of ONLY (name).
std::size_t commands_begin(const PgQuery__AlterTableStmt& statement, const StatementTokens& tokens) {
  if (!statement.relation) return tokens.size();
  std::size_t index = tokens.after_name(tokens.at(statement.relation->location));
  while (tokens.is(index, "*") || tokens.is(index, ")")) ++index;
  return index;
}

}  // namespace

AlterTable read_alter_table(const PgQuery__AlterTableStmt& statement, const StatementTokens& tokens) {
  AlterTable result;
  result.object = to_kind(statement.objtype);
  result.name = to_name(statement.relation, tokens);
  result.if_exists = statement.missing_ok;
  // The relation of a type has no heirs either.
  result.only = statement.relation && !statement.relation->inh && result.object != ObjectKind::type;
  const Nodes commands(statement.cmds, statement.n_cmds);
  auto begins = tokens.items(commands_begin(statement, tokens));
  // Each command is one part between commas; where that is not so, no place is better than a wrong one.
  begins.resize(commands.size() == begins.size() ? begins.size() : 0);
  for (std::size_t i = 0; i < commands.size(); ++i) {
    const std::size_t first = begins.empty() ? tokens.size() : begins[i];
    const auto* command = as(commands[i], PG_QUERY__NODE__NODE_ALTER_TABLE_CMD, &PgQuery__Node::alter_table_cmd);
    if (command) {
      result.commands.push_back(read_command(*command, result.object, tokens, first, tokens.item_end(first)));
    }
  }
  return result;
}

}  // namespace migrate::sql
