#include "catalog/change.hpp"
#include "catalog/lookup.hpp"

namespace migrate::catalog {
namespace {

using sql::ConstraintKind;
using sql::ObjectKind;
using sql::QualifiedName;

void forget_view(Schema& schema, const QualifiedName& view) {
  const std::string name = to_text(view);
  for (auto& [key, relation] : schema.changing_relations()) {
    for (auto& column : relation.columns) std::erase(column.views, name);
  }
}

// Views are known by the text of their name.
void remove_views(Schema& schema, const std::vector<std::string>& views) {
  for (const auto& name : views) {
    const auto place = schema.relations().find(name);
    if (place != schema.relations().end()) {
      remove_relation(schema, QualifiedName(place->second.name), true);
      continue;
    }
    for (auto& [key, relation] : schema.changing_relations()) {
      for (auto& column : relation.columns) std::erase(column.views, name);
    }
  }
}

void remove_owned_sequences(Schema& schema, const QualifiedName& table, const std::string* column) {
  std::erase_if(schema.changing_relations(), [&](const auto& entry) {
    const auto& owner = entry.second.owned_by;
    return owner && owner->table == table && (!column || owner->column == *column);
  });
}

void remove_inbound_keys(Schema& schema, const QualifiedName& table, const std::vector<std::string>* columns) {
  for (auto& [key, relation] : schema.changing_relations()) {
    std::erase_if(relation.constraints, [&](const TableConstraint& one) {
      return one.kind == ConstraintKind::foreign_key && one.references == table &&
             (!columns || one.referenced_columns == *columns);
    });
  }
}

void remove_schema(Schema& schema, const std::string& name) {
  std::vector<QualifiedName> gone;
  for (const auto& [key, relation] : schema.relations()) {
    if (relation.name.schema == name) gone.push_back(relation.name);
  }
  for (const auto& relation : gone) remove_relation(schema, relation, true);
  std::erase_if(schema.types(), [&](const auto& entry) { return entry.second.name.schema == name; });
  std::erase_if(schema.functions(), [&](const auto& entry) { return entry.second.name.schema == name; });
}

void drop_type(Schema& schema, const QualifiedName& name, bool cascade) {
  const QualifiedName type = schema.resolve_type(name);
  std::vector<std::pair<Relation*, std::string>> columns;
  for (auto& [key, relation] : schema.changing_relations()) {
    for (const auto& column : relation.columns) {
      if (is_type(schema, column.type, type)) columns.emplace_back(&relation, column.name);
    }
  }
  if (cascade) {
    for (const auto& [relation, column] : columns) remove_column(schema, *relation, column, true);
  }
  // A composite type has its columns in a relation.
  if (const Relation* row = schema.find(type); row && row->kind == ObjectKind::type) schema.remove(type);
  schema.remove_type(type);
}

void drop_index(Schema& schema, const QualifiedName& name) {
  const auto [owner, index] = schema.find_index(name);
  if (index) remove_index(schema, *schema.find(owner->name), std::string(index->name));
}

}  // namespace

void remove_index(Schema& schema, Relation& table, const std::string& name) {
  for (Relation* child : children_of(schema, table.name)) {
    for (const Index& part : std::vector<Index>(child->indexes)) {
      if (part.parent == name) remove_index(schema, *child, part.name);
    }
  }
  const Index* const index = table.index(name);
  if (index && index->of_constraint) {
    std::erase_if(table.constraints, [&](const TableConstraint& one) { return one.name == name; });
  }
  std::erase_if(table.indexes, [&](const Index& one) { return one.name == name; });
}

void remove_constraint(Schema& schema, Relation& table, const std::string& name) {
  const TableConstraint* const constraint = table.constraint(name);
  if (!constraint) return;
  const bool key = constraint->kind == ConstraintKind::primary_key || constraint->kind == ConstraintKind::unique;
  const std::vector<std::string> columns = constraint->columns;
  const Index* const index = table.index(name);
  if (index && index->of_constraint) remove_index(schema, table, name);
  std::erase_if(table.constraints, [&](const TableConstraint& one) { return one.name == name; });
  // Keys that point at it are gone with CASCADE; without it the server would have refused.
  if (key) remove_inbound_keys(schema, table.name, &columns);
}

void remove_column(Schema& schema, Relation& table, const std::string& name, bool cascade) {
  const TableColumn* const column = table.column(name);
  if (!column) return;
  if (cascade) remove_views(schema, std::vector<std::string>(column->views));
  std::vector<std::string> constraints;
  for (const auto& one : table.constraints) {
    if (contains(one.columns, name)) constraints.push_back(one.name);
  }
  for (const auto& constraint : constraints) remove_constraint(schema, table, constraint);
  std::vector<std::string> indexes;
  for (const auto& index : table.indexes) {
    if (contains(index.reads, name) || contains(index.columns, name)) indexes.push_back(index.name);
  }
  for (const auto& index : indexes) remove_index(schema, table, index);
  remove_owned_sequences(schema, table.name, &name);
  std::erase_if(table.columns, [&](const TableColumn& one) { return one.name == name; });
  note_types(schema, table);
}

void remove_relation(Schema& schema, const QualifiedName& wanted, bool cascade) {
  const QualifiedName name = schema.resolve(wanted);
  Relation* const relation = schema.find(name);
  if (!relation) return;
  std::vector<QualifiedName> children;
  for (const Relation* child : children_of(schema, name)) {
    if (cascade || child->partition_of) children.push_back(child->name);
  }
  for (const auto& child : children) remove_relation(schema, child, cascade);
  if (cascade) {
    std::vector<std::string> views;
    for (const auto& column : relation->columns) {
      for (const auto& view : column.views) add_once(views, view);
    }
    remove_views(schema, views);
  }
  remove_inbound_keys(schema, name, nullptr);
  remove_owned_sequences(schema, name, nullptr);
  if (relation->partition_of) {
    Relation* const whole = schema.find(*relation->partition_of);
    if (whole && whole->default_partition && *whole->default_partition == name) whole->default_partition.reset();
  }
  if (relation->kind == ObjectKind::view || relation->kind == ObjectKind::materialized_view) forget_view(schema, name);
  for (auto& [key, type] : schema.types()) std::erase(type.used_by, name);
  schema.changing_relations().erase(to_text(name));
}

void run(const Change& change, const sql::Drop& drop) {
  for (const auto& name : drop.names) {
    switch (drop.object) {
      case ObjectKind::table:
      case ObjectKind::foreign_table:
      case ObjectKind::view:
      case ObjectKind::materialized_view:
      case ObjectKind::sequence: remove_relation(change.schema, name, drop.cascade); break;
      case ObjectKind::index: drop_index(change.schema, name); break;
      case ObjectKind::type:
      case ObjectKind::domain: drop_type(change.schema, name, drop.cascade); break;
      case ObjectKind::schema: remove_schema(change.schema, name.name); break;
      case ObjectKind::function:
      case ObjectKind::procedure:
      case ObjectKind::aggregate: change.schema.remove_function(name); break;
      default: break;
    }
  }
}

}  // namespace migrate::catalog
