// Statements that make, drop, rename and move relations.
#include <algorithm>

#include "rules/effects/gathering.hpp"

namespace migrate::rules {
namespace {

using sql::ObjectKind;
using sql::QualifiedName;

bool contains(const Names& names, const QualifiedName& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void add(Names& names, const Names& more) {
  for (const auto& name : more) {
    if (!contains(names, name)) names.push_back(name);
  }
}

void drop_table(Gathering& to, const QualifiedName& table, bool cascade) {
  const auto* relation = to.find(table);
  Places places;
  places.target = table;
  places.sequences = to.sequences_of(table);
  to.touch(Shape::drop_table, places);
  if (relation && relation->partition_of) {
    const auto* parent = to.find(*relation->partition_of);
    places.without_default = parent && parent->default_partition && *parent->default_partition == relation->name;
    to.touch(Shape::drop_partition, places);
  }
  places.referenced = to.referenced_by(table);
  if (!places.referenced.empty()) to.touch(Shape::drop_table_of_key, places);
  if (!cascade) return;
  places.dependents = to.views_of(table);
  places.referencing = to.referencing(table);
  to.touch(Shape::drop_table_cascade, places);
}

void drop_view(Gathering& to, const QualifiedName& view, Shape shape, bool cascade) {
  Places places;
  places.target = view;
  places.kind = shape == Shape::drop_view ? ObjectKind::view : ObjectKind::materialized_view;
  if (cascade) places.dependents = to.views_of(view);
  to.touch(shape, places);
}

void drop_type(Gathering& to, const QualifiedName& name, bool cascade) {
  if (!cascade) return to.touch(Shape::no_relation, Places{});
  const auto* type = to.schema.find_type(name);
  if (!type && !to.schema.complete) to.may_do_more();
  Places places;
  if (type) places.dependents = type->used_by;
  to.touch(Shape::drop_type_cascade, places);
}

void drop_schema(Gathering& to, const sql::Drop& drop, const QualifiedName& name) {
  if (drop.cascade) to.may_do_more();
  for (const auto& [key, relation] : to.schema.relations()) {
    if (!drop.cascade || relation.name.schema != name.name) continue;
    if (relation.kind == ObjectKind::table) drop_table(to, relation.name, true);
    if (relation.kind == ObjectKind::view) drop_view(to, relation.name, Shape::drop_view, true);
  }
  to.touch(Shape::no_relation, Places{});
}

void drop_one(Gathering& to, const sql::Drop& drop, const QualifiedName& name) {
  switch (drop.object) {
    case ObjectKind::table:
    case ObjectKind::foreign_table: return drop_table(to, name, drop.cascade);
    case ObjectKind::view: return drop_view(to, name, Shape::drop_view, drop.cascade);
    case ObjectKind::materialized_view: return drop_view(to, name, Shape::drop_materialized_view, drop.cascade);
    case ObjectKind::index:
      return to.touch(drop.concurrently ? Shape::drop_index_concurrently : Shape::drop_index, name, ObjectKind::index);
    case ObjectKind::sequence: return to.touch(Shape::drop_sequence, name, ObjectKind::sequence);
    case ObjectKind::trigger: return to.touch(Shape::drop_trigger, name);
    case ObjectKind::policy: return to.touch(Shape::policy, name);
    case ObjectKind::rule: return to.touch(Shape::rule, name);
    case ObjectKind::type:
    case ObjectKind::domain: return drop_type(to, name, drop.cascade);
    case ObjectKind::schema: return drop_schema(to, drop, name);
    // Which table it is about, only the server knows.
    case ObjectKind::statistics: return to.may_do_more();
    case ObjectKind::database:
    case ObjectKind::tablespace:
    case ObjectKind::subscription: return to.touch(Shape::no_transaction, Places{});
    default:
      if (drop.cascade) to.may_do_more();
      return to.touch(Shape::no_relation, Places{});
  }
}

ObjectKind kind_of(const Gathering& to, const QualifiedName& name, ObjectKind said) {
  if (const auto* relation = to.find(name)) return relation->kind;
  return to.schema.find_index(name).second ? ObjectKind::index : said;
}

Shape rename_shape(ObjectKind kind, ObjectKind said) {
  switch (kind) {
    case ObjectKind::view: return Shape::alter_view;
    case ObjectKind::materialized_view: return Shape::alter_materialized_view;
    case ObjectKind::sequence: return Shape::rename_sequence;
    case ObjectKind::index: return said == ObjectKind::index ? Shape::rename_index : Shape::rename_index_as_table;
    default: return Shape::rename_table;
  }
}

void rename_constraint(Gathering& to, const sql::Rename& rename) {
  const auto* relation = to.find(rename.relation);
  const bool key = relation && relation->index(rename.old_name);
  to.touch(key ? Shape::rename_key : Shape::rename_constraint, rename.relation);
}

bool is_relation(ObjectKind kind) {
  return kind == ObjectKind::table || kind == ObjectKind::view || kind == ObjectKind::materialized_view ||
         kind == ObjectKind::foreign_table || kind == ObjectKind::index || kind == ObjectKind::sequence;
}

void touch_create(Gathering& to, const sql::CreateTable& create) {
  Places places;
  places.target = create.name;
  for (const auto& like : create.likes) places.others = {like.table}, to.touch(Shape::create_table_like, places);
  for (const auto& parent : create.inherits) places.others = {parent}, to.touch(Shape::create_table_inheriting, places);
  Names referenced;
  const auto take = [&](const sql::Constraint& one) {
    const bool self = one.references.name == create.name.name && one.references.schema == create.name.schema;
    if (one.kind == sql::ConstraintKind::foreign_key && !self) add(referenced, {one.references});
  };
  for (const auto& column : create.columns) std::for_each(column.constraints.begin(), column.constraints.end(), take);
  std::for_each(create.constraints.begin(), create.constraints.end(), take);
  if (!referenced.empty()) {
    places.referenced = std::move(referenced);
    to.touch(Shape::create_table_referencing, places);
  }
}

}  // namespace

void gather(Gathering& to, const sql::Drop& drop) {
  for (const auto& name : drop.names) drop_one(to, drop, name);
}

void gather(Gathering& to, const sql::Rename& rename) {
  switch (rename.object) {
    case ObjectKind::column: {
      const bool view = kind_of(to, rename.relation, rename.relation_kind) == ObjectKind::view;
      return to.touch(view ? Shape::alter_view : Shape::rename_column, rename.relation);
    }
    case ObjectKind::constraint:
      if (rename.relation_kind == ObjectKind::domain) return to.touch(Shape::no_relation, Places{});
      return rename_constraint(to, rename);
    case ObjectKind::trigger: return to.touch(Shape::rename_trigger, rename.relation);
    case ObjectKind::policy: return to.touch(Shape::policy, rename.relation);
    case ObjectKind::rule: return to.touch(Shape::rule, rename.relation);
    default: break;
  }
  if (!is_relation(rename.object)) return to.touch(Shape::no_relation, Places{});
  const ObjectKind kind = kind_of(to, rename.relation, rename.object);
  to.touch(rename_shape(kind, rename.object), rename.relation, kind);
  to.introduce({to.schema.resolve(rename.relation).schema, rename.new_name, {}});
}

void gather(Gathering& to, const sql::SetSchema& move) {
  if (!is_relation(move.object)) return to.touch(Shape::no_relation, Places{});
  const ObjectKind kind = kind_of(to, move.name, move.object);
  const Shape shape = rename_shape(kind, move.object);
  Places places;
  places.target = move.name;
  places.kind = kind;
  places.sequences = to.sequences_of(move.name);
  to.touch(shape == Shape::rename_table ? Shape::set_schema : shape, places);
  to.introduce({move.new_schema, move.name.name, {}});
}

void gather(Gathering& to, const sql::CreateTable& create) {
  if (create.if_not_exists && to.find(create.name)) return to.touch(Shape::create_table, Places{});
  to.introduce(create.name);
  to.touch(Shape::create_table, Places{});
  touch_create(to, create);
  Places places;
  if (create.as_query) {
    (create.with_data ? places.reads : places.others) = create.reads;
    to.touch(create.with_data ? Shape::create_table_reading : Shape::create_view, places);
  }
  if (create.partition_of) {
    places.target = *create.partition_of;
    places.others = {*create.partition_of};
    places.only = true;
    places.referenced = to.referenced_by(*create.partition_of);
    places.referencing = to.referencing(*create.partition_of);
    to.touch(Shape::create_partition, places);
  }
}

void gather(Gathering& to, const sql::CreateIndex& create) {
  const auto [owner, index] = create.name.empty()
                                  ? std::pair<const catalog::Relation*, const catalog::Index*>{}
                                  : to.schema.find_index({to.schema.resolve(create.table).schema, create.name, {}});
  Places places;
  places.target = create.table;
  places.only = create.only;
  if (create.if_not_exists && index && !create.concurrently) return to.touch(Shape::create_index_there, places);
  to.introduce(create.name.empty() ? QualifiedName{}
                                   : QualifiedName{to.schema.resolve(create.table).schema, create.name, {}});
  const auto* table = to.find(create.table);
  // Children of a plain table have indexes of their own.
  if (table && !table->partitioned) places.only = true;
  if (create.concurrently) return to.touch(Shape::create_index_concurrently, places);
  const bool none_built = create.only && (!table || table->partitioned);
  to.touch(none_built ? Shape::create_index_only : Shape::create_index, places);
}

void gather(Gathering& to, const sql::CreateSequence& create) {
  to.introduce(create.name);
  to.touch(Shape::no_relation, Places{});
}

void gather(Gathering& to, const sql::AlterSequence& alter) {
  to.touch(Shape::alter_sequence, alter.name, ObjectKind::sequence);
}

void gather(Gathering& to, const sql::CreateView& create) {
  if (create.if_not_exists && to.find(create.name)) return to.touch(Shape::no_relation, Places{});
  Places places;
  places.target = create.name;
  places.kind = create.materialized ? ObjectKind::materialized_view : ObjectKind::view;
  const bool fills = create.materialized && create.with_data;
  (fills ? places.reads : places.others) = create.reads;
  // One that is not known may be new.
  const bool replaces = create.or_replace && to.find(create.name);
  if (create.or_replace && !replaces && !to.schema.complete) to.may_do_more();
  if (!replaces) to.introduce(create.name);
  to.touch(replaces ? Shape::replace_view : fills ? Shape::create_materialized_view : Shape::create_view, places);
}

}  // namespace migrate::rules
