// What partitions and children get from their parent.
#include <migrate/catalog/generated_names.hpp>

#include "catalog/change.hpp"
#include "catalog/lookup.hpp"

namespace migrate::catalog {
namespace {

using sql::ConstraintKind;

void hand_down_columns(const Change& change, const Relation& parent, Relation& child) {
  for (const auto& original : parent.columns) {
    TableColumn* column = child.column(original.name);
    if (!column) {
      TableColumn copy = original;
      copy.null_fraction.reset();
      copy.views.clear();
      copy.identity = child.partition_of && original.identity;
      copy.not_null = false;
      copy.origin = change.maker.origin;
      child.columns.push_back(std::move(copy));
      column = &child.columns.back();
    }
    if (original.not_null) set_not_null(change, child, *column, not_null_name(parent, original.name), true);
  }
}

void hand_down_checks(const Change& change, const Relation& parent, Relation& child) {
  for (const auto& original : parent.constraints) {
    if (original.kind != ConstraintKind::check || original.no_inherit || child.constraint(original.name)) continue;
    TableConstraint copy = original;
    copy.origin = change.maker.origin;
    child.constraints.push_back(std::move(copy));
  }
}

void hand_down_foreign_keys(const Change& change, const Relation& parent, Relation& child) {
  for (const auto& original : parent.constraints) {
    if (original.kind != ConstraintKind::foreign_key) continue;
    auto same = std::find_if(child.constraints.begin(), child.constraints.end(), [&](const TableConstraint& one) {
      return one.kind == ConstraintKind::foreign_key && one.columns == original.columns &&
             one.references == original.references && one.referenced_columns == original.referenced_columns;
    });
    if (same != child.constraints.end()) {
      same->parent = original.name;
      continue;
    }
    TableConstraint copy = original;
    if (child.constraint(copy.name)) {
      copy.name = choose_constraint_name(change.schema, child, joined_columns(copy.columns), "fkey");
    }
    copy.parent = original.name;
    copy.origin = change.maker.origin;
    child.constraints.push_back(std::move(copy));
  }
}

bool equivalent(const Index& a, const Index& b) {
  return a.columns == b.columns && a.include == b.include && a.unique == b.unique && a.method == b.method &&
         a.predicate == b.predicate && a.has_expression == b.has_expression;
}

Index* attached_part(Relation& child, const Index& original) {
  for (auto& one : child.indexes) {
    if (one.parent == original.name) return &one;
  }
  for (auto& one : child.indexes) {
    if (one.parent.empty() && one.valid && equivalent(one, original) && one.of_constraint == original.of_constraint) {
      return &one;
    }
  }
  return nullptr;
}

void hand_down_index(const Change& change, const Relation& parent, Relation& child, const Index& original) {
  const TableConstraint* const key = original.of_constraint ? parent.constraint(original.name) : nullptr;
  if (Index* part = attached_part(child, original)) {
    part->parent = original.name;
    if (TableConstraint* own = child.constraint(part->name); own && part->of_constraint) own->parent = original.name;
    return;
  }
  std::vector<std::string> named = original.columns;
  named.insert(named.end(), original.include.begin(), original.include.end());
  std::replace(named.begin(), named.end(), std::string(), std::string("expr"));
  const bool exclusion = key && key->kind == ConstraintKind::exclusion;
  const std::string_view label = original.primary ? "pkey" : exclusion ? "excl" : key ? "key" : "idx";
  Index copy = original;
  copy.name =
      choose_relation_name(change.schema, child, original.primary ? "" : joined_columns(named), label, key != nullptr);
  copy.parent = original.name;
  copy.origin = change.maker.origin;
  if (key) {
    TableConstraint constraint = *key;
    constraint.name = copy.name;
    constraint.parent = original.name;
    constraint.origin = change.maker.origin;
    child.constraints.push_back(std::move(constraint));
  }
  child.indexes.push_back(std::move(copy));
}

// The more that is known to be in the parts, the more is in the whole.
Rows together(Rows whole, Rows part) {
  if (whole == Rows::some || part == Rows::some) return Rows::some;
  return whole == Rows::none ? part : whole;
}

}  // namespace

std::vector<Relation*> children_of(Schema& schema, const sql::QualifiedName& parent) {
  std::vector<sql::QualifiedName> names;
  for (const auto& [key, relation] : schema.relations()) {
    const bool inherits =
        std::find(relation.inherits.begin(), relation.inherits.end(), parent) != relation.inherits.end();
    if (inherits || (relation.partition_of && *relation.partition_of == parent)) names.push_back(relation.name);
  }
  std::vector<Relation*> children;
  for (const auto& name : names) children.push_back(schema.find(name));
  return children;
}

bool is_below(const Schema& schema, const sql::QualifiedName& name, const sql::QualifiedName& ancestor) {
  if (name == ancestor) return true;
  const auto place = schema.relations().find(to_text(name));
  if (place == schema.relations().end()) return false;
  const Relation& relation = place->second;
  if (relation.partition_of && is_below(schema, *relation.partition_of, ancestor)) return true;
  return std::any_of(relation.inherits.begin(), relation.inherits.end(),
                     [&](const auto& parent) { return is_below(schema, parent, ancestor); });
}

void hand_down(const Change& change, const Relation& parent) {
  for (Relation* child : children_of(change.schema, parent.name)) {
    if (child == &parent) continue;
    hand_down_columns(change, parent, *child);
    hand_down_checks(change, parent, *child);
    if (child->partition_of) {
      // A name may be chosen from what is there: the list must not move under the loop.
      for (const Index& original : std::vector<Index>(parent.indexes)) {
        if (original.valid) hand_down_index(change, parent, *child, original);
      }
      hand_down_foreign_keys(change, parent, *child);
    }
    note_types(change.schema, *child);
    hand_down(change, *child);
  }
}

void attach_partition(const Change& change, Relation& table, const sql::QualifiedName& parent, bool is_default) {
  const sql::QualifiedName name = change.schema.resolve(parent);
  if (is_below(change.schema, name, table.name)) return;
  table.partition_of = name;
  Relation* const whole = change.schema.find(name);
  if (!whole) return;
  if (is_default) whole->default_partition = table.name;
  whole->rows = together(whole->rows, table.rows);
  hand_down(change, *whole);
}

}  // namespace migrate::catalog
