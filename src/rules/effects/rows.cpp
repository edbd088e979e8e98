// Statements that read and change rows, and those that work on whole tables as they are.
#include <algorithm>
#include <array>

#include "rules/effects/gathering.hpp"

namespace migrate::rules {
namespace {

using sql::ObjectKind;
using sql::QualifiedName;

// A query of a view reads the tables under it. The schema tells of columns which views read them.
Names with_bases(const Gathering& to, const Names& reads) {
  Names all = reads;
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto* view = to.find(all[i]);
    if (!view || view->kind != ObjectKind::view) continue;
    for (const auto& [key, relation] : to.schema.relations()) {
      const auto views = to.views_of(relation.name);
      const bool base = std::find(views.begin(), views.end(), view->name) != views.end();
      if (base && std::find(all.begin(), all.end(), relation.name) == all.end()) all.push_back(relation.name);
    }
  }
  return all;
}

Names bases_of(const Gathering& to, const QualifiedName& view) {
  Names bases;
  const QualifiedName full = to.schema.resolve(view);
  for (const auto& [key, relation] : to.schema.relations()) {
    const auto views = to.views_of(relation.name);
    if (std::find(views.begin(), views.end(), full) != views.end()) bases.push_back(relation.name);
  }
  return bases;
}

bool has_view(const Gathering& to, const Names& names) {
  return std::any_of(names.begin(), names.end(), [&](const QualifiedName& name) {
    const auto* relation = to.find(name);
    return relation && relation->kind == ObjectKind::view;
  });
}

// Of ON DELETE and ON UPDATE the server's own words tell; those of statements alone are not kept.
bool changes_referencing_rows(const catalog::TableConstraint& key) {
  constexpr std::array actions{"CASCADE", "SET NULL", "SET DEFAULT"};
  return std::any_of(actions.begin(), actions.end(),
                     [&](const char* action) { return key.definition.find(action) != std::string::npos; });
}

void touch_referencing(Gathering& to, const QualifiedName& table) {
  const QualifiedName own = to.schema.resolve(table);
  for (const auto& inbound : to.schema.inbound_keys(table)) {
    const auto* relation = to.find(inbound.table);
    const auto* key = relation ? relation->constraint(inbound.constraint) : nullptr;
    if (!key || inbound.table == own) continue;
    Places places;
    places.target = table;
    places.referencing = {inbound.table};
    to.touch(changes_referencing_rows(*key) ? Shape::remove_referenced_cascade : Shape::remove_referenced, places);
  }
}

// Keys of which a column is assigned.
Names referenced_by_change(const Gathering& to, const sql::ChangeRows& rows) {
  if (rows.kind != sql::ChangeRows::Kind::update) return to.referenced_by(rows.table);
  Names referenced;
  for (const auto& column : rows.columns) {
    for (auto& name : to.referenced_by(rows.table, column)) referenced.push_back(std::move(name));
  }
  return referenced;
}

bool changes_a_key(const Gathering& to, const sql::ChangeRows& rows) {
  if (rows.kind != sql::ChangeRows::Kind::update) return true;
  const auto keys = to.schema.inbound_keys(rows.table);
  return std::any_of(keys.begin(), keys.end(), [&](const catalog::InboundKey& key) {
    return std::any_of(rows.columns.begin(), rows.columns.end(), [&](const std::string& column) {
      return std::find(key.referenced_columns.begin(), key.referenced_columns.end(), column) !=
             key.referenced_columns.end();
    });
  });
}

LockMode mode_of(std::string_view text) {
  for (int i = 1; i <= static_cast<int>(LockMode::access_exclusive); ++i) {
    if (to_text(static_cast<LockMode>(i)) == text) return static_cast<LockMode>(i);
  }
  return LockMode::access_exclusive;
}

// All tables: of a schema, or of the database. The schema of a run knows those that its statements name.
void touch_many(Gathering& to, Shape shape, std::string_view in_schema) {
  to.may_do_more();
  for (const auto& [key, relation] : to.schema.relations()) {
    if (relation.kind != ObjectKind::table || relation.partitioned) continue;
    if (in_schema.empty() || relation.name.schema == in_schema) to.touch(shape, relation.name);
  }
  if (to.row(shape)) to.touch(shape, Places{});
}

}  // namespace

void gather(Gathering& to, const sql::ChangeRows& rows) {
  using Kind = sql::ChangeRows::Kind;
  Places places;
  places.target = rows.table;
  places.reads = with_bases(to, rows.reads);
  to.touch(rows.kind == Kind::insert ? Shape::insert : Shape::change_rows, places);
  if (rows.kind != Kind::remove) {
    places.referenced = referenced_by_change(to, rows);
    const Shape shape = rows.kind == Kind::insert ? Shape::insert_referencing : Shape::change_referencing;
    if (!places.referenced.empty()) to.touch(shape, places);
  }
  if (rows.kind != Kind::insert && changes_a_key(to, rows)) touch_referencing(to, rows.table);
  for (const auto& inside : rows.inside) gather(to, inside);
  if (!rows.functions.empty() || has_view(to, {rows.table})) to.may_do_more();
}

void gather(Gathering& to, const sql::Select& select) {
  Places places;
  places.reads = with_bases(to, select.reads);
  to.touch(select.for_update ? Shape::select_for_update : Shape::select, places);
}

void gather(Gathering& to, const sql::Copy& copy) {
  if (!copy.from) {
    if (!copy.table.name.empty()) to.touch(Shape::copy_to, copy.table);
    return;
  }
  Places places;
  places.target = copy.table;
  to.touch(Shape::copy_from, places);
  places.referenced = to.referenced_by(copy.table);
  if (!places.referenced.empty()) to.touch(Shape::insert_referencing, places);
}

void gather(Gathering& to, const sql::Truncate& truncate) {
  Names tables = truncate.tables;
  for (const auto& table : tables) {
    Places places;
    places.target = table;
    places.sequences = to.sequences_of(table);
    to.touch(truncate.restart_identity ? Shape::truncate_restarting : Shape::truncate, places);
  }
  if (!truncate.cascade) return;
  for (std::size_t i = 0; i < tables.size(); ++i) {
    Places places;
    places.target = tables[i];
    places.referencing = to.referencing(tables[i]);
    // What refers to those in turn was not asked for.
    if (!places.referencing.empty()) to.may_do_more();
    to.touch(Shape::truncate_cascade, places);
    for (const auto& next : places.referencing) {
      if (std::find(tables.begin(), tables.end(), next) == tables.end()) tables.push_back(next);
    }
  }
}

void gather(Gathering& to, const sql::LockTable& lock) {
  for (const auto& table : lock.tables) {
    Places places;
    places.target = table;
    places.at_least = mode_of(lock.mode);
    const auto* relation = to.find(table);
    if (relation && relation->kind == ObjectKind::view) places.reads = bases_of(to, table);
    to.touch(Shape::lock_table, places);
  }
}

void gather(Gathering& to, const sql::Reindex& reindex) {
  using Kind = sql::Reindex::Kind;
  if (reindex.kind == Kind::system || reindex.kind == Kind::database) return touch_many(to, Shape::reindex_many, {});
  if (reindex.kind == Kind::schema) return touch_many(to, Shape::reindex_many, reindex.name.name);
  if (reindex.concurrently) return to.touch(Shape::reindex_concurrently, reindex.name);
  const auto [owner, index] = to.schema.find_index(reindex.name);
  const auto* table = reindex.kind == Kind::index ? owner : to.find(reindex.name);
  if (table && table->partitioned) return to.touch(Shape::reindex_partitioned, reindex.name);
  const bool whole = reindex.kind == Kind::table;
  to.touch(whole ? Shape::reindex_table : Shape::reindex_index, reindex.name,
           whole ? ObjectKind::table : ObjectKind::index);
}

void gather(Gathering& to, const sql::Vacuum& vacuum) {
  const Shape shape = vacuum.analyze_only ? Shape::analyze : vacuum.full ? Shape::vacuum_full : Shape::vacuum;
  if (vacuum.tables.empty()) return touch_many(to, shape, {});
  for (const auto& table : vacuum.tables) to.touch(shape, table);
}

void gather(Gathering& to, const sql::Cluster& cluster) {
  if (!cluster.table) return touch_many(to, Shape::cluster_all, {});
  const auto* table = to.find(*cluster.table);
  to.touch(table && table->partitioned ? Shape::cluster_partitioned : Shape::cluster, *cluster.table);
}

void gather(Gathering& to, const sql::RefreshView& refresh) {
  Places places;
  places.target = refresh.name;
  places.kind = ObjectKind::materialized_view;
  places.reads = with_bases(to, bases_of(to, refresh.name));
  const Shape filling = refresh.concurrently ? Shape::refresh_concurrently : Shape::refresh;
  to.touch(refresh.with_data ? filling : Shape::refresh_empty, places);
}

}  // namespace migrate::rules
