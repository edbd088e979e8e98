#include "catalog/change.hpp"
#include "catalog/lookup.hpp"

namespace migrate::catalog {
namespace {

using sql::AlterCommand;
using sql::AlterKind;
using sql::ConstraintKind;

void set_type(const Change& change, Relation& table, const AlterCommand& command) {
  TableColumn* const column = table.column(command.name);
  if (!column || !command.type) return;
  column->type = settled(change.schema, *command.type);
  column->null_fraction.reset();
}

void drop_not_null(Relation& table, TableColumn& column) {
  column.not_null = false;
  std::erase_if(table.constraints, [&](const TableConstraint& one) {
    return one.kind == ConstraintKind::not_null && contains(one.columns, column.name);
  });
}

void drop_identity(const Change& change, Relation& table, TableColumn& column) {
  column.identity = false;
  for (const auto& [key, relation] : change.schema.relations()) {
    if (!relation.owned_by || !(relation.owned_by->table == table.name)) continue;
    if (relation.owned_by->column != column.name) continue;
    change.schema.remove(sql::QualifiedName(relation.name));
    return;
  }
}

void validate(Relation& table, const std::string& name) {
  TableConstraint* const constraint = table.constraint(name);
  if (!constraint) return;
  constraint->valid = true;
  if (constraint->kind != ConstraintKind::not_null) return;
  for (const auto& column : constraint->columns) {
    if (TableColumn* own = table.column(column)) own->not_null = true;
  }
}

// Commands on one column that is there.
void alter_column(const Change& change, Relation& table, TableColumn& column, const AlterCommand& command) {
  switch (command.kind) {
    case AlterKind::set_default: column.has_default = !command.expression || !command.expression->null; return;
    case AlterKind::drop_default: column.has_default = false; return;
    case AlterKind::set_not_null: return set_not_null(change, table, column, {}, true);
    case AlterKind::drop_not_null: return drop_not_null(table, column);
    case AlterKind::set_type: return set_type(change, table, command);
    case AlterKind::drop_expression: column.generated = false; return;
    case AlterKind::add_identity:
      if (!column.identity) set_identity(change, table, column);
      column.identity = true;
      return;
    case AlterKind::drop_identity: return drop_identity(change, table, column);
    default: return;
  }
}

void add_column_command(const Change& change, Relation& table, const sql::Column& column) {
  if (table.column(column.name)) return;
  add_column(change, table, column);
  std::vector<const sql::Constraint*> constraints;
  for (const auto& one : column.constraints) constraints.push_back(&one);
  add_constraints(change, table, constraints);
}

void drop_constraint(const Change& change, Relation& table, const std::string& name) {
  const TableConstraint* const known = table.constraint(name);
  if (!known) return;
  if (known->kind == ConstraintKind::not_null) {
    for (const auto& column : std::vector<std::string>(known->columns)) {
      if (TableColumn* own = table.column(column)) own->not_null = false;
    }
  }
  remove_constraint(change.schema, table, name);
}

// Constraints of children that came from the parent's: checks and NOT NULL by their name, parts of keys by their
// parent.
std::vector<std::string> parts_of(const Relation& child, const std::string& constraint) {
  std::vector<std::string> names;
  for (const auto& one : child.constraints) {
    const bool same =
        one.parent.empty() ? one.name == constraint && one.kind == ConstraintKind::check : one.parent == constraint;
    if (same) names.push_back(one.name);
  }
  return names;
}

void alter(const Change& change, Relation& table, const AlterCommand& command, bool only);

void alter_children(const Change& change, const Relation& table, const AlterCommand& command) {
  for (Relation* child : children_of(change.schema, table.name)) {
    const bool by_constraint =
        command.kind == AlterKind::drop_constraint || command.kind == AlterKind::validate_constraint;
    if (!by_constraint) {
      alter(change, *child, command, false);
      continue;
    }
    for (const auto& name : parts_of(*child, command.name)) {
      AlterCommand part = command;
      part.name = name;
      alter(change, *child, part, false);
    }
  }
}

void inherit(const Change& change, Relation& table, const sql::QualifiedName& parent) {
  const sql::QualifiedName name = change.schema.resolve(parent);
  if (is_below(change.schema, name, table.name)) return;
  table.inherits.push_back(name);
  if (const Relation* whole = change.schema.find(name)) hand_down(change, *whole);
}

void detach_partition(const Change& change, Relation& table, const sql::QualifiedName& partition) {
  Relation* const part = change.schema.find(partition);
  if (!part) return;
  if (table.default_partition && *table.default_partition == part->name) table.default_partition.reset();
  part->partition_of.reset();
  for (auto& index : part->indexes) index.parent.clear();
  for (auto& one : part->constraints) one.parent.clear();
}

// Commands about other relations; false: it is none of them.
bool alter_relations(const Change& change, Relation& table, const AlterCommand& command) {
  switch (command.kind) {
    case AlterKind::attach_partition:
      if (Relation* part = change.schema.find(command.other)) {
        attach_partition(change, *part, table.name, command.default_partition);
      }
      return true;
    case AlterKind::detach_partition:
    case AlterKind::finalize_detach: detach_partition(change, table, command.other); return true;
    case AlterKind::inherit: inherit(change, table, command.other); return true;
    case AlterKind::no_inherit: {
      const sql::QualifiedName parent = change.schema.resolve(command.other);
      std::erase(table.inherits, parent);
      return true;
    }
    default: return false;
  }
}

void alter(const Change& change, Relation& table, const AlterCommand& command, bool only) {
  if (alter_relations(change, table, command)) return;
  switch (command.kind) {
    case AlterKind::add_column:
    case AlterKind::add_attribute:
      if (command.column) add_column_command(change, table, *command.column);
      if (!only) hand_down(change, table);
      break;
    case AlterKind::add_constraint:
      if (command.constraint) add_constraint(change, table, *command.constraint);
      if (!only) hand_down(change, table);
      break;
    case AlterKind::drop_column:
    case AlterKind::drop_attribute:
      if (!only) alter_children(change, table, command);
      remove_column(change.schema, table, command.name, command.cascade);
      break;
    case AlterKind::drop_constraint:
      if (!only) alter_children(change, table, command);
      drop_constraint(change, table, command.name);
      break;
    case AlterKind::validate_constraint:
      if (!only) alter_children(change, table, command);
      validate(table, command.name);
      break;
    default:
      if (TableColumn* column = table.column(command.name)) alter_column(change, table, *column, command);
      if (!only) alter_children(change, table, command);
      break;
  }
  note_types(change.schema, table);
}

// ALTER INDEX ... ATTACH PARTITION: the index of the whole is valid when each partition has its part.
void attach_index(const Change& change, const sql::QualifiedName& whole_name, const sql::QualifiedName& part_name) {
  const auto [whole_owner, whole_index] = change.schema.find_index(whole_name);
  const auto [part_owner, part_index] = change.schema.find_index(part_name);
  if (!whole_index || !part_index) return;
  Relation& table = *change.schema.find(whole_owner->name);
  Relation& partition = *change.schema.find(part_owner->name);
  Index& whole = *table.index(whole_index->name);
  partition.index(part_index->name)->parent = whole.name;
  const auto partitions = children_of(change.schema, table.name);
  whole.valid = std::all_of(partitions.begin(), partitions.end(), [&](const Relation* one) {
    return std::any_of(one->indexes.begin(), one->indexes.end(),
                       [&](const Index& index) { return index.parent == whole.name && index.valid; });
  });
}

// The server takes what is dropped first, then types, then new columns, in whatever order they are written.
// Source: AlterTablePass (tablecmds.c).
int turn(const AlterCommand& command) {
  switch (command.kind) {
    case AlterKind::drop_column:
    case AlterKind::drop_attribute:
    case AlterKind::drop_constraint:
    case AlterKind::drop_not_null: return 0;
    case AlterKind::set_type: return 1;
    case AlterKind::add_column:
    case AlterKind::add_attribute: return 2;
    default: return 3;
  }
}

}  // namespace

void run(const Change& change, const sql::AlterTable& statement) {
  std::vector<const AlterCommand*> commands;
  for (const auto& command : statement.commands) commands.push_back(&command);
  std::stable_sort(commands.begin(), commands.end(),
                   [](const AlterCommand* a, const AlterCommand* b) { return turn(*a) < turn(*b); });
  for (const auto* each : commands) {
    const AlterCommand& command = *each;
    const sql::QualifiedName name = change.schema.resolve(statement.name);
    if (command.kind == AlterKind::set_schema) {
      move_relation(change.schema, name, command.name);
      continue;
    }
    if (Relation* table = change.schema.find(name)) {
      alter(change, *table, command, statement.only);
    } else if (command.kind == AlterKind::attach_partition) {
      attach_index(change, name, command.other);
    }
  }
}

}  // namespace migrate::catalog
