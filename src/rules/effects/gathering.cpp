#include "rules/effects/gathering.hpp"

#include <algorithm>

namespace migrate::rules {
namespace {

using sql::ObjectKind;
using sql::QualifiedName;

bool contains(const Names& names, const QualifiedName& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}
bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

void add_once(Names& names, const QualifiedName& name) {
  if (!contains(names, name)) names.push_back({name.schema, name.name, {}});
}

void raise(Work& work, Work to) { work = std::max(work, to); }

Work work_in(std::string_view text, char letter, bool certain) {
  const auto lower = static_cast<char>(letter - 'A' + 'a');
  if (text.find(letter) != std::string_view::npos) return certain ? Work::yes : Work::maybe;
  return text.find(lower) != std::string_view::npos ? Work::maybe : Work::no;
}

// "schema.name", quoted where needed, back into its parts: as TableColumn::views names them.
const catalog::Relation* find_text(const catalog::Schema& schema, const std::string& text) {
  const auto found = schema.relations().find(text);
  return found == schema.relations().end() ? nullptr : &found->second;
}

}  // namespace

const EffectRow* Gathering::row(Shape shape) const {
  const auto rows = effect_rows();
  const auto found = std::find_if(rows.begin(), rows.end(), [&](const EffectRow& one) {
    return one.shape == shape && one.since <= major && major <= one.until;
  });
  return found == rows.end() ? nullptr : &*found;
}

Names Gathering::descendants(const QualifiedName& name) const {
  Names all;
  const QualifiedName root = schema.resolve(name);
  add_once(all, root);
  for (std::size_t i = 0; i < all.size(); ++i) {
    const QualifiedName parent = all[i];
    for (const auto& [key, relation] : schema.relations()) {
      const bool child = relation.partition_of ? *relation.partition_of == parent : contains(relation.inherits, parent);
      if (child) add_once(all, relation.name);
    }
  }
  all.erase(all.begin());
  return all;
}

Names Gathering::sequences_of(const QualifiedName& table, std::string_view column) const {
  Names sequences;
  const QualifiedName owner = schema.resolve(table);
  for (const auto& [key, relation] : schema.relations()) {
    if (!relation.owned_by || !(relation.owned_by->table == owner)) continue;
    if (column.empty() || relation.owned_by->column == column) add_once(sequences, relation.name);
  }
  return sequences;
}

Names Gathering::referenced_by(const QualifiedName& table, std::string_view column) const {
  Names referenced;
  const auto* relation = find(table);
  if (!relation) return referenced;
  for (const auto& one : relation->constraints) {
    if (one.kind != sql::ConstraintKind::foreign_key) continue;
    if (column.empty() || contains(one.columns, column)) add_once(referenced, one.references);
  }
  return referenced;
}

Names Gathering::referencing(const QualifiedName& table, std::string_view column) const {
  Names names;
  const QualifiedName own = schema.resolve(table);
  for (const auto& key : schema.inbound_keys(table)) {
    if (key.table == own) continue;
    if (column.empty() || contains(key.referenced_columns, column)) add_once(names, key.table);
  }
  return names;
}

Names Gathering::views_of(const QualifiedName& relation, std::string_view column) const {
  Names views;
  const auto add_views = [&](const catalog::Relation& of, std::string_view only) {
    for (const auto& each : of.columns) {
      if (!only.empty() && each.name != only) continue;
      for (const auto& text : each.views) {
        if (const auto* view = find_text(schema, text)) add_once(views, view->name);
      }
    }
  };
  if (const auto* table = find(relation)) add_views(*table, column);
  for (std::size_t i = 0; i < views.size(); ++i) {
    if (const auto* view = find(views[i])) add_views(*view, {});
  }
  return views;
}

QualifiedName Gathering::table_of(const QualifiedName& name) const {
  if (find(name)) return schema.resolve(name);
  const auto [table, index] = schema.find_index(name);
  return table ? table->name : schema.resolve(name);
}

// Of a partition whose columns nobody told, its table's indexes tell.
Work Gathering::has_indexes(const catalog::Relation& relation) const {
  if (!relation.indexes.empty()) return Work::yes;
  if (relation.columns_known) return Work::no;
  const auto* parent = relation.partition_of ? find(*relation.partition_of) : nullptr;
  return parent ? std::max(has_indexes(*parent), Work::maybe) : Work::maybe;
}

void Gathering::touch_one(const QualifiedName& name, ObjectKind kind, LockMode lock, std::string_view work,
                          bool certain) {
  const QualifiedName full = schema.resolve(name);
  const auto* relation = find(full);
  const bool index = !relation && schema.find_index(full).second;
  if (!relation && !index) {
    if (schema.complete) return;  // not there: nothing happens to it
    effects_.complete = false;
  }
  auto& effect = relations_[to_text(full)];
  effect.name = {full.schema, full.name, {}};
  effect.kind = relation ? relation->kind : index ? ObjectKind::index : kind;
  effect.lock = std::max(effect.lock, lock);
  // A partitioned table has no rows of its own.
  if ((relation && relation->partitioned) || effect.kind == ObjectKind::index) return;
  raise(effect.rewrite, work_in(work, 'R', certain));
  raise(effect.index_build, work_in(work, 'I', certain));
  raise(effect.index_build, std::min(effect.rewrite, relation ? has_indexes(*relation) : Work::maybe));
  raise(effect.scan, std::max({work_in(work, 'S', certain), effect.rewrite, effect.index_build}));
}

void Gathering::touch_all(const Names& names, const Touch& touch, const Places& places, bool with_partitions) {
  for (const auto& name : names) {
    touch_one(name, ObjectKind::table, touch.lock, touch.work, places.certain);
    if (!with_partitions) continue;
    for (const auto& partition : descendants(name)) {
      touch_one(partition, ObjectKind::table, touch.lock, touch.work, places.certain);
    }
  }
}

void Gathering::touch_indexes(const catalog::Relation* table, LockMode lock) {
  if (!table) return;
  for (const auto& index : table->indexes) {
    touch_one({table->name.schema, index.name, {}}, ObjectKind::index, lock, {}, true);
  }
}

void Gathering::touch_part(const Touch& touch, const Places& places) {
  const QualifiedName table = table_of(places.target);
  const auto* relation = find(table);
  switch (touch.part) {
    case Part::target:
      return touch_one(places.target, places.kind, std::max(touch.lock, places.at_least), touch.work, places.certain);
    case Part::table:
      if (!(table == schema.resolve(places.target))) {
        touch_one(table, ObjectKind::table, touch.lock, touch.work, places.certain);
      }
      return;
    case Part::partitions:
      if (!places.only) touch_all(descendants(table), touch, places, false);
      return;
    case Part::parent:
      if (relation && relation->partition_of) touch_all({*relation->partition_of}, touch, places, false);
      return;
    case Part::default_partition: {
      const auto* owner =
          relation && relation->partition_of && !relation->partitioned ? find(*relation->partition_of) : relation;
      if (places.without_default || !owner || !owner->default_partition) return;
      if (!contains(places.others, *owner->default_partition))
        touch_all({*owner->default_partition}, touch, places, true);
      return;
    }
    case Part::indexes:
      touch_indexes(relation, touch.lock);
      if (!places.only) {
        for (const auto& one : descendants(table)) touch_indexes(find(one), touch.lock);
      }
      return;
    case Part::other: return touch_all(places.others, touch, places, false);
    case Part::referenced: return touch_all(places.referenced, touch, places, true);
    case Part::referencing: return touch_all(places.referencing, touch, places, true);
    case Part::reads: return touch_all(places.reads, touch, places, true);
    case Part::dependents: return touch_all(places.dependents, touch, places, false);
    case Part::sequences: return touch_all(places.sequences, touch, places, false);
  }
}

void Gathering::touch(Shape shape, const Places& places) {
  const auto* found = row(shape);
  if (!found) {
    effects_.complete = false;
    return;
  }
  if (std::find(effects_.rows.begin(), effects_.rows.end(), found) == effects_.rows.end())
    effects_.rows.push_back(found);
  effects_.transaction = effects_.transaction && found->transaction;
  const LockMode of_target = found->touches.front().lock;
  for (Touch touch : found->touches) {
    if (touch.lock == LockMode::none && touch.work.empty() && places.at_least == LockMode::none) continue;
    const bool as_target = touch.part == Part::partitions && touch.lock == of_target;
    if (as_target || shape == Shape::lock_table) touch.lock = std::max(touch.lock, places.at_least);
    if (touch.lock != LockMode::none || !touch.work.empty()) touch_part(touch, places);
  }
}

void Gathering::touch(Shape shape, const QualifiedName& target, ObjectKind kind) {
  Places places;
  places.target = target;
  places.kind = kind;
  touch(shape, places);
}

void Gathering::introduce(const QualifiedName& name) {
  if (name.name.empty()) return;
  const QualifiedName full = schema.resolve(name);
  effects_.introduces.push_back({full.schema, full.name, {}});
}

StatementEffects Gathering::finish() {
  for (auto& [key, effect] : relations_) effects_.relations.push_back(std::move(effect));
  return std::move(effects_);
}

}  // namespace migrate::rules
