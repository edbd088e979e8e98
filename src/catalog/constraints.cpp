#include <migrate/catalog/generated_names.hpp>

#include "catalog/change.hpp"
#include "catalog/lookup.hpp"

namespace migrate::catalog {
namespace {

using sql::ConstraintKind;

bool is_key(ConstraintKind kind) {
  return kind == ConstraintKind::primary_key || kind == ConstraintKind::unique || kind == ConstraintKind::exclusion;
}

std::string_view label_of(ConstraintKind kind) {
  switch (kind) {
    case ConstraintKind::primary_key: return "pkey";
    case ConstraintKind::unique: return "key";
    case ConstraintKind::exclusion: return "excl";
    case ConstraintKind::foreign_key: return "fkey";
    case ConstraintKind::not_null: return "not_null";
    default: return "check";
  }
}

TableConstraint made(const Change& change, std::string name, const sql::Constraint& from) {
  TableConstraint constraint;
  constraint.name = std::move(name);
  constraint.kind = from.kind;
  constraint.columns = from.columns;
  constraint.valid = !from.not_valid;
  constraint.no_inherit = from.no_inherit;
  constraint.origin = change.maker.origin;
  return constraint;
}

void add_check(const Change& change, Relation& table, const sql::Constraint& from) {
  std::vector<std::string> columns;
  if (from.expression) {
    for (const auto& name : from.expression->columns) {
      if (!table.columns_known || table.column(name)) add_once(columns, name);
    }
  }
  std::string name = from.name;
  // The server names it after its column where it has one only, wherever it was written.
  if (name.empty()) {
    name = choose_constraint_name(change.schema, table, columns.size() == 1 ? columns.front() : "", "check");
  }
  TableConstraint constraint = made(change, std::move(name), from);
  constraint.columns = std::move(columns);
  if (from.expression) constraint.proves_not_null = from.expression->proves_not_null;
  table.constraints.push_back(std::move(constraint));
}

void forbid_null(const Change& change, Relation& table, const std::vector<std::string>& columns) {
  for (const auto& name : columns) {
    if (TableColumn* column = table.column(name)) set_not_null(change, table, *column, {}, true);
  }
}

// ADD ... USING INDEX: the index takes the constraint's name, if that has one.
void adopt_index(const Change& change, Relation& table, const sql::Constraint& from) {
  if (!from.name.empty() && from.name != from.using_index) {
    rename_index(change.schema, {table.name.schema, from.using_index, {}}, from.name);
  }
  Index* const index = table.index(from.name.empty() ? from.using_index : from.name);
  if (!index) return;
  index->of_constraint = true;
  index->primary = from.kind == ConstraintKind::primary_key;
  TableConstraint constraint = made(change, index->name, from);
  constraint.columns = index->columns;
  table.constraints.push_back(std::move(constraint));
  if (from.kind == ConstraintKind::primary_key) forbid_null(change, table, index->columns);
}

void add_key(const Change& change, Relation& table, const sql::Constraint& from) {
  if (!from.using_index.empty()) return adopt_index(change, table, from);
  const bool primary = from.kind == ConstraintKind::primary_key;
  std::vector<std::string> named = from.columns;
  named.insert(named.end(), from.include.begin(), from.include.end());
  for (auto& column : named) {
    if (column.empty()) column = "expr";
  }
  std::string name = from.name;
  if (name.empty()) {
    name = choose_relation_name(change.schema, table, primary ? "" : joined_columns(named), label_of(from.kind), true);
  }
  Index index;
  index.name = name;
  index.columns = from.columns;
  index.include = from.include;
  for (const auto* part : {&from.columns, &from.include}) {
    for (const auto& column : *part) {
      if (!column.empty()) add_once(index.reads, column);
    }
  }
  index.unique = from.kind != ConstraintKind::exclusion;
  index.primary = primary;
  index.has_expression = contains(from.columns, "");
  if (from.where) {
    index.partial = true;
    index.predicate = from.where->text;
    for (const auto& column : from.where->columns) add_once(index.reads, column);
  }
  // Not told by the statement's values, but nearly always so.
  if (from.kind == ConstraintKind::exclusion) index.method = "gist";
  index.of_constraint = true;
  index.origin = change.maker.origin;
  table.indexes.push_back(std::move(index));
  TableConstraint constraint = made(change, std::move(name), from);
  std::erase(constraint.columns, "");
  table.constraints.push_back(std::move(constraint));
  if (primary) forbid_null(change, table, from.columns);
}

void add_foreign_key(const Change& change, Relation& table, const sql::Constraint& from) {
  std::string name = from.name;
  if (name.empty()) name = choose_constraint_name(change.schema, table, joined_columns(from.columns), "fkey");
  TableConstraint constraint = made(change, std::move(name), from);
  constraint.references = change.schema.resolve(from.references);
  constraint.referenced_columns = from.referenced_columns;
  if (constraint.referenced_columns.empty()) {
    if (const Relation* target = change.schema.find(constraint.references)) {
      constraint.referenced_columns = target->primary_key();
    }
  }
  table.constraints.push_back(std::move(constraint));
}

// The same columns as a key that is there already: the server makes one index of both.
bool is_redundant(const sql::Constraint& key, const std::vector<const sql::Constraint*>& before) {
  return key.kind == ConstraintKind::unique && key.using_index.empty() &&
         std::any_of(before.begin(), before.end(), [&](const sql::Constraint* other) {
           return other->kind != ConstraintKind::exclusion && other->columns == key.columns &&
                  other->include == key.include && other->deferrable == key.deferrable &&
                  (key.name.empty() || other->name.empty());
         });
}

}  // namespace

void set_not_null(const Change& change, Relation& table, TableColumn& column, const std::string& name, bool valid) {
  const bool was = column.not_null;
  column.not_null = was || valid;
  if (!change.names_not_null()) return;
  for (auto& one : table.constraints) {
    if (one.kind != ConstraintKind::not_null || !contains(one.columns, column.name)) continue;
    one.valid = one.valid || valid;
    return;
  }
  if (was) return;
  TableConstraint constraint;
  constraint.name = name.empty() ? choose_constraint_name(change.schema, table, column.name, "not_null") : name;
  constraint.kind = ConstraintKind::not_null;
  constraint.columns = {column.name};
  constraint.valid = valid;
  constraint.origin = change.maker.origin;
  table.constraints.push_back(std::move(constraint));
}

std::string not_null_name(const Relation& table, const std::string& column) {
  for (const auto& one : table.constraints) {
    if (one.kind == ConstraintKind::not_null && contains(one.columns, column)) return one.name;
  }
  return {};
}

void set_identity(const Change& change, Relation& table, TableColumn& column) {
  Relation sequence;
  sequence.name = {table.name.schema, choose_relation_name(change.schema, table, column.name, "seq", false), {}};
  sequence.kind = sql::ObjectKind::sequence;
  sequence.temporary = table.temporary;
  sequence.owned_by = SequenceOwner{table.name, column.name};
  sequence.rows = change.maker.rows;
  sequence.origin = change.maker.origin;
  sequence.made_by = change.maker.revision;
  change.schema.add(std::move(sequence));
}

void add_column(const Change& change, Relation& table, const sql::Column& from) {
  if (table.column(from.name)) return;
  TableColumn column;
  column.name = from.name;
  column.type = settled(change.schema, from.type);
  column.has_default = from.type.serial;
  column.origin = change.maker.origin;
  table.columns.push_back(column);
  TableColumn& added = table.columns.back();
  if (from.type.serial) set_identity(change, table, added);
  for (const auto& constraint : from.constraints) {
    if (constraint.kind == ConstraintKind::default_value) {
      added.has_default = !constraint.expression || !constraint.expression->null;
    } else if (constraint.kind == ConstraintKind::generated) {
      added.generated = true;
    } else if (constraint.kind == ConstraintKind::identity) {
      added.identity = true;
      set_identity(change, table, added);
    } else if (constraint.kind == ConstraintKind::not_null) {
      set_not_null(change, table, added, constraint.name, !constraint.not_valid);
    }
  }
  if (from.type.serial || added.identity) set_not_null(change, table, added, {}, true);
}

void add_constraint(const Change& change, Relation& table, const sql::Constraint& constraint) {
  switch (constraint.kind) {
    case ConstraintKind::check: return add_check(change, table, constraint);
    case ConstraintKind::primary_key:
    case ConstraintKind::unique:
    case ConstraintKind::exclusion: return add_key(change, table, constraint);
    case ConstraintKind::foreign_key: return add_foreign_key(change, table, constraint);
    case ConstraintKind::not_null:
      for (const auto& name : constraint.columns) {
        if (TableColumn* column = table.column(name)) {
          set_not_null(change, table, *column, constraint.name, !constraint.not_valid);
        }
      }
      return;
    default: return;  // the columns' own: with the column
  }
}

void add_constraints(const Change& change, Relation& table, const std::vector<const sql::Constraint*>& constraints) {
  for (const auto* one : constraints) {
    if (one->kind == ConstraintKind::check) add_constraint(change, table, *one);
  }
  std::vector<const sql::Constraint*> keys;
  for (const auto* one : constraints) {
    if (one->kind == ConstraintKind::primary_key) keys.push_back(one);
  }
  for (const auto* one : constraints) {
    if (is_key(one->kind) && one->kind != ConstraintKind::primary_key && !is_redundant(*one, keys)) keys.push_back(one);
  }
  for (const auto* one : keys) add_constraint(change, table, *one);
  for (const auto* one : constraints) {
    if (one->kind == ConstraintKind::foreign_key) add_constraint(change, table, *one);
  }
}

}  // namespace migrate::catalog
