#include <migrate/catalog/generated_names.hpp>

#include "catalog/change.hpp"
#include "catalog/lookup.hpp"

namespace migrate::catalog {
namespace {

using sql::ConstraintKind;

TableColumn copied_column(const Change& change, const TableColumn& from) {
  TableColumn column = from;
  column.has_default = column.generated = column.identity = false;
  column.null_fraction.reset();
  column.views.clear();
  column.origin = change.maker.origin;
  column.not_null = false;
  return column;
}

// INCLUDING INDEXES: the copies have names of their own.
void copy_index(const Change& change, Relation& table, const Relation& from, const Index& original) {
  Index index = original;
  const bool constraint = original.of_constraint;
  std::vector<std::string> named = original.columns;
  named.insert(named.end(), original.include.begin(), original.include.end());
  std::replace(named.begin(), named.end(), std::string(), std::string("expr"));
  const TableConstraint* const key = from.constraint(original.name);
  const bool exclusion = key && key->kind == ConstraintKind::exclusion;
  const std::string_view label = original.primary ? "pkey" : exclusion ? "excl" : constraint ? "key" : "idx";
  index.name =
      choose_relation_name(change.schema, table, original.primary ? "" : joined_columns(named), label, constraint);
  index.parent.clear();
  index.origin = change.maker.origin;
  if (constraint && key) {
    TableConstraint copy = *key;
    copy.name = index.name;
    copy.parent.clear();
    copy.origin = change.maker.origin;
    table.constraints.push_back(std::move(copy));
  }
  table.indexes.push_back(std::move(index));
}

void copy_like(const Change& change, Relation& table, const sql::LikeClause& like) {
  const Relation* const from = change.schema.find(like.table);
  if (!from || !from->columns_known) table.columns_known = false;
  if (!from || from == &table) return;
  // GENERATED and IDENTITY have words of their own: only INCLUDING ALL is sure to bring them.
  const bool all = like.including_indexes && like.including_constraints && like.including_defaults;
  for (const auto& original : from->columns) {
    if (table.column(original.name)) continue;
    TableColumn column = copied_column(change, original);
    column.has_default = like.including_defaults && original.has_default;
    column.generated = all && original.generated;
    column.identity = all && original.identity;
    table.columns.push_back(std::move(column));
    if (original.not_null) {
      set_not_null(change, table, table.columns.back(), not_null_name(*from, original.name), true);
    }
    if (table.columns.back().identity) set_identity(change, table, table.columns.back());
  }
  if (like.including_constraints) {
    for (const auto& original : from->constraints) {
      if (original.kind != ConstraintKind::check) continue;
      TableConstraint copy = original;
      copy.origin = change.maker.origin;
      // Measured: a constraint that was not valid is valid in the copy.
      copy.valid = true;
      table.constraints.push_back(std::move(copy));
    }
  }
  if (like.including_indexes) {
    for (const auto& original : from->indexes) {
      if (original.valid) copy_index(change, table, *from, original);
    }
  }
}

void inherit_from(const Change& change, Relation& table, const sql::QualifiedName& parent) {
  const sql::QualifiedName name = change.schema.resolve(parent);
  const Relation* const known = change.schema.find(name);
  if (!known || !known->columns_known) table.columns_known = false;
  if (is_below(change.schema, name, table.name)) return;
  table.inherits.push_back(name);
  if (!known) return;
  std::vector<TableColumn> own = std::exchange(table.columns, {});
  for (const auto& original : known->columns) {
    TableColumn column = copied_column(change, original);
    column.has_default = original.has_default;
    column.generated = original.generated;
    table.columns.push_back(std::move(column));
  }
  for (auto& column : own) {
    if (!table.column(column.name)) table.columns.push_back(std::move(column));
  }
  hand_down(change, *known);
}

// A column that is inherited too is merged: what is written here comes on top.
void merge_column(const Change& change, Relation& table, const sql::Column& column) {
  TableColumn* const known = table.column(column.name);
  if (!known) return add_column(change, table, column);
  for (const auto& one : column.constraints) {
    if (one.kind == ConstraintKind::not_null) set_not_null(change, table, *known, one.name, !one.not_valid);
    if (one.kind == ConstraintKind::default_value) known->has_default = !one.expression || !one.expression->null;
  }
}

std::vector<const sql::Constraint*> all_constraints(const sql::CreateTable& create) {
  std::vector<const sql::Constraint*> all;
  for (const auto& column : create.columns) {
    for (const auto& one : column.constraints) all.push_back(&one);
  }
  for (const auto& one : create.constraints) all.push_back(&one);
  return all;
}

}  // namespace

Relation new_relation(const Change& change, const sql::QualifiedName& name, sql::ObjectKind kind, bool temporary) {
  Relation relation;
  relation.name = without_range(name);
  if (temporary) {
    relation.name.schema = "pg_temp";
  } else if (name.schema.empty()) {
    // Not resolve(): that one finds what is there already, in a later schema of the path too.
    const auto& path = change.schema.search_path;
    const auto first = std::find_if(path.begin(), path.end(), [](const auto& one) { return one != "pg_temp"; });
    if (first != path.end()) relation.name.schema = *first;
  }
  relation.kind = kind;
  relation.temporary = relation.name.schema == "pg_temp";
  relation.rows = change.maker.rows;
  relation.origin = change.maker.origin;
  relation.made_by = change.maker.revision;
  return relation;
}

void run(const Change& change, const sql::CreateTable& create) {
  Relation fresh = new_relation(
      change, create.name, create.foreign ? sql::ObjectKind::foreign_table : sql::ObjectKind::table, create.temporary);
  if (create.if_not_exists && change.schema.relations().contains(to_text(fresh.name))) return;
  fresh.partitioned = create.partitioned;
  fresh.columns_known = !create.as_query;
  Relation& table = change.schema.add(std::move(fresh));

  for (const auto& parent : create.inherits) inherit_from(change, table, parent);
  for (const auto& like : create.likes) copy_like(change, table, like);
  const auto constraints = all_constraints(create);
  if (create.partition_of) {
    const Relation* const parent = change.schema.find(*create.partition_of);
    if (!parent || !parent->columns_known) table.columns_known = false;
    attach_partition(change, table, *create.partition_of, create.default_partition);
  }
  for (const auto& column : create.columns) merge_column(change, table, column);
  add_constraints(change, table, constraints);
  for (const auto& one : create.constraints) {
    if (one.kind == ConstraintKind::not_null) add_constraint(change, table, one);
  }
  note_types(change.schema, table);
}

}  // namespace migrate::catalog
