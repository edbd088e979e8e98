#include "catalog/change.hpp"
#include "catalog/lookup.hpp"

namespace migrate::catalog {
namespace {

using sql::ObjectKind;
using sql::QualifiedName;

template <class Things, class Thing>
bool rekey(Things& things, const QualifiedName& from, const QualifiedName& to, const Thing& change) {
  const std::string key = to_text(to);
  if (from == to || things.contains(key)) return false;
  auto node = things.extract(to_text(from));
  if (node.empty()) return false;
  node.key() = key;
  node.mapped().name = to;
  change(node.mapped());
  things.insert(std::move(node));
  return true;
}

void replace(QualifiedName& name, const QualifiedName& from, const QualifiedName& to) {
  if (name == from) name = to;
}

// Everything that speaks of the relation by its name.
void follow(Schema& schema, const QualifiedName& from, const QualifiedName& to) {
  const std::string old_text = to_text(from);
  const std::string new_text = to_text(to);
  for (auto& [key, relation] : schema.changing_relations()) {
    if (relation.partition_of) replace(*relation.partition_of, from, to);
    if (relation.default_partition) replace(*relation.default_partition, from, to);
    if (relation.owned_by) replace(relation.owned_by->table, from, to);
    for (auto& parent : relation.inherits) replace(parent, from, to);
    for (auto& constraint : relation.constraints) {
      if (!(constraint.references == from)) continue;
      constraint.references = to;
      constraint.definition.clear();
    }
    for (auto& column : relation.columns) replace_name(column.views, old_text, new_text);
  }
  for (auto& [key, type] : schema.types()) {
    for (auto& user : type.used_by) replace(user, from, to);
  }
}

void rename_column(Schema& schema, Relation& table, const std::string& from, const std::string& to) {
  TableColumn* const column = table.column(from);
  if (!column || table.column(to)) return;
  column->name = to;
  for (auto& constraint : table.constraints) {
    if (contains(constraint.columns, from)) constraint.definition.clear();
    replace_name(constraint.columns, from, to);
    replace_name(constraint.proves_not_null, from, to);
  }
  for (auto& index : table.indexes) {
    replace_name(index.columns, from, to);
    replace_name(index.include, from, to);
    replace_name(index.reads, from, to);
  }
  for (auto& [key, relation] : schema.changing_relations()) {
    if (relation.owned_by && relation.owned_by->table == table.name && relation.owned_by->column == from) {
      relation.owned_by->column = to;
    }
    for (auto& constraint : relation.constraints) {
      if (!(constraint.references == table.name)) continue;
      if (contains(constraint.referenced_columns, from)) constraint.definition.clear();
      replace_name(constraint.referenced_columns, from, to);
    }
  }
  for (Relation* child : children_of(schema, table.name)) rename_column(schema, *child, from, to);
}

void rename_constraint(Schema& schema, Relation& table, const std::string& from, const std::string& to) {
  TableConstraint* const constraint = table.constraint(from);
  if (!constraint || table.constraint(to)) return;
  const bool check = constraint->kind == sql::ConstraintKind::check;
  const Index* const index = table.index(from);
  if (index && index->of_constraint) return rename_index(schema, {table.name.schema, from, {}}, to);
  constraint->name = to;
  for (Relation* child : children_of(schema, table.name)) {
    for (auto& one : child->constraints) {
      if (one.parent == from) one.parent = to;
    }
    if (check) rename_constraint(schema, *child, from, to);
  }
}

void rename_type(Schema& schema, const QualifiedName& from, const QualifiedName& to) {
  // A composite type may have a relation for its columns.
  rekey(schema.changing_relations(), from, to, [](Relation&) {});
  for (auto& [key, relation] : schema.changing_relations()) {
    for (auto& column : relation.columns) {
      if (!is_type(schema, column.type, from)) continue;
      column.type.schema = to.schema;
      column.type.name = to.name;
    }
  }
  rekey(schema.types(), from, to, [](Type&) {});
}

void rename_label(Schema& schema, const QualifiedName& name, const std::string& from, const std::string& to) {
  if (Type* type = schema.find_type(name)) replace_name(type->labels, from, to);
}

void rename_function(Schema& schema, const QualifiedName& name, const std::string& schema_name,
                     const std::string& new_name) {
  const Function* const known = schema.find_function(name);
  if (!known) return;
  const Function copy = *known;
  const QualifiedName to{
      schema_name.empty() ? copy.name.schema : schema_name, new_name.empty() ? copy.name.name : new_name, {}};
  rekey(schema.functions(), copy.name, to, [](Function&) {});
}

void rename_schema(Schema& schema, const std::string& from, const std::string& to) {
  std::vector<QualifiedName> relations, types, functions;
  const auto gather = [&](const auto& things, std::vector<QualifiedName>& names) {
    for (const auto& [key, thing] : things) {
      if (thing.name.schema == from) names.push_back(thing.name);
    }
  };
  gather(schema.relations(), relations);
  gather(schema.types(), types);
  gather(schema.functions(), functions);
  for (const auto& name : types) rename_type(schema, name, {to, name.name, {}});
  for (const auto& name : functions) rename_function(schema, name, to, {});
  for (const auto& name : relations) {
    if (schema.relations().contains(to_text(name))) rename_relation(schema, name, {to, name.name, {}});
  }
  // The path names schemas; it does not follow them.
}

}  // namespace

void rename_relation(Schema& schema, const QualifiedName& from, const QualifiedName& to) {
  if (rekey(schema.changing_relations(), from, to, [](Relation&) {})) follow(schema, from, to);
}

void rename_index(Schema& schema, const QualifiedName& name, const std::string& to) {
  const auto [owner, found] = schema.find_index(name);
  if (!found || schema.find_index({owner->name.schema, to, {}}).second) return;
  Relation& table = *schema.find(owner->name);
  Index& index = *table.index(found->name);
  const std::string from = index.name;
  if (TableConstraint* constraint = table.constraint(from); constraint && index.of_constraint) constraint->name = to;
  index.name = to;
  for (Relation* child : children_of(schema, table.name)) {
    for (auto& part : child->indexes) {
      if (part.parent == from) part.parent = to;
    }
    for (auto& part : child->constraints) {
      if (part.parent == from) part.parent = to;
    }
  }
}

void move_relation(Schema& schema, const QualifiedName& wanted, const std::string& to) {
  const QualifiedName name = schema.resolve(wanted);
  std::vector<QualifiedName> sequences;
  for (const auto& [key, relation] : schema.relations()) {
    if (relation.owned_by && relation.owned_by->table == name) sequences.push_back(relation.name);
  }
  if (!schema.relations().contains(to_text(name))) return;
  rename_relation(schema, name, {to, name.name, {}});
  for (const auto& sequence : sequences) rename_relation(schema, sequence, {to, sequence.name, {}});
}

void run(const Change& change, const sql::Rename& rename) {
  Schema& schema = change.schema;
  switch (rename.object) {
    case ObjectKind::column:
    case ObjectKind::attribute:
      if (Relation* table = schema.find(rename.relation)) {
        rename_column(schema, *table, rename.old_name, rename.new_name);
      }
      return;
    case ObjectKind::constraint:
      if (Relation* table = schema.find(rename.relation)) {
        rename_constraint(schema, *table, rename.old_name, rename.new_name);
      }
      return;
    case ObjectKind::schema: return rename_schema(schema, rename.relation.name, rename.new_name);
    case ObjectKind::enum_value: return rename_label(schema, rename.relation, rename.old_name, rename.new_name);
    case ObjectKind::type:
    case ObjectKind::domain: {
      const QualifiedName from = schema.resolve_type(rename.relation);
      return rename_type(schema, from, {from.schema, rename.new_name, {}});
    }
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::aggregate: return rename_function(schema, rename.relation, {}, rename.new_name);
    case ObjectKind::table:
    case ObjectKind::foreign_table:
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::sequence:
    case ObjectKind::index: {
      // The server takes any kind of relation for another here.
      const QualifiedName from = schema.resolve(rename.relation);
      if (!schema.relations().contains(to_text(from))) return rename_index(schema, from, rename.new_name);
      return rename_relation(schema, from, {from.schema, rename.new_name, {}});
    }
    default: return;
  }
}

void run(const Change& change, const sql::SetSchema& move) {
  Schema& schema = change.schema;
  switch (move.object) {
    case ObjectKind::type:
    case ObjectKind::domain: {
      const QualifiedName from = schema.resolve_type(move.name);
      return rename_type(schema, from, {move.new_schema, from.name, {}});
    }
    case ObjectKind::function:
    case ObjectKind::procedure:
    case ObjectKind::aggregate: return rename_function(schema, move.name, move.new_schema, {});
    case ObjectKind::table:
    case ObjectKind::foreign_table:
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::sequence: return move_relation(schema, move.name, move.new_schema);
    default: return;
  }
}

}  // namespace migrate::catalog
