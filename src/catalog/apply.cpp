#include "catalog/change.hpp"
#include "catalog/lookup.hpp"

#include <variant>

namespace migrate::catalog {
namespace {

template <class T>
concept Changes = requires(const Change& change, const T& action) {
  run(change, action);
};

// Somebody puts rows into a table that other clients see. Tables of this run are for nobody else before it ends.
void fill(Schema& schema, const sql::QualifiedName& name) {
  Relation* const table = schema.find(name);
  if (!table) return;
  if (table->origin == Origin::database) table->rows = table->rows == Rows::assumed ? Rows::assumed : Rows::some;
  if (table->partition_of) fill(schema, sql::QualifiedName(*table->partition_of));
}

void empty(const Change& change, Relation& table, bool cascade, std::vector<sql::QualifiedName>& done) {
  if (std::find(done.begin(), done.end(), table.name) != done.end()) return;
  done.push_back(table.name);
  table.rows = Rows::none;
  table.bytes.reset();
  table.row_estimate.reset();
  table.emptied = true;
  for (Relation* child : children_of(change.schema, table.name)) empty(change, *child, cascade, done);
  if (!cascade) return;
  for (const auto& key : change.schema.inbound_keys(table.name)) {
    if (Relation* other = change.schema.find(key.table)) empty(change, *other, cascade, done);
  }
}

template <class Thing>
void grow_old(Thing& thing) {
  if (thing.origin == Origin::this_revision) thing.origin = Origin::earlier;
}

}  // namespace

void run(const Change& change, const sql::CreateSequence& create) {
  Relation sequence = new_relation(change, create.name, sql::ObjectKind::sequence, create.temporary);
  if (create.if_not_exists && change.schema.relations().contains(to_text(sequence.name))) return;
  change.schema.add(std::move(sequence));
}

void run(const Change& change, const sql::CreateView& create) {
  Relation view =
      new_relation(change, create.name,
                   create.materialized ? sql::ObjectKind::materialized_view : sql::ObjectKind::view, create.temporary);
  const bool known = change.schema.relations().contains(to_text(view.name));
  if (known && (create.if_not_exists || create.or_replace)) return;
  view.columns_known = false;
  view.populated = create.with_data;
  change.schema.add(std::move(view));
}

void run(const Change& change, const sql::RefreshView& refresh) {
  if (Relation* view = change.schema.find(refresh.name)) view->populated = refresh.with_data;
}

void run(const Change& change, const sql::ChangeRows& rows) {
  using Kind = sql::ChangeRows::Kind;
  if (rows.kind == Kind::insert || rows.kind == Kind::merge) fill(change.schema, rows.table);
  for (const auto& one : rows.inside) run(change, one);
}

void run(const Change& change, const sql::Copy& copy) {
  if (copy.from) fill(change.schema, copy.table);
}

void run(const Change& change, const sql::Truncate& truncate) {
  std::vector<sql::QualifiedName> done;
  for (const auto& name : truncate.tables) {
    if (Relation* table = change.schema.find(name)) empty(change, *table, truncate.cascade, done);
  }
}

void run(const Change& change, const sql::SetVariable& set) {
  if (set.name == "all" && set.reset) return change.schema.reset_search_path();
  if (set.name != "search_path") return;
  if (set.reset || set.values.empty()) return change.schema.reset_search_path();
  std::vector<std::string> path = set.values;
  std::erase(path, "");
  // Nobody knows here who will run it.
  std::erase(path, "$user");
  change.schema.set_search_path(std::move(path));
}

// SQL that the parser does not know: the table is told by the words, what it does to its columns isn't.
void run(const Change& change, const sql::Other& other) {
  for (const auto& name : other.names) {
    Relation* const table = change.schema.find(name);
    if (other.tag == "ALTER TABLE" && table) table->columns_known = false;
    if (other.tag != "CREATE TABLE" || table) continue;
    Relation made = new_relation(change, name, sql::ObjectKind::table, false);
    made.columns_known = false;
    change.schema.add(std::move(made));
  }
}

void apply(Schema& schema, const sql::Model& statement, const Maker& maker) {
  const Change change{schema, maker};
  std::visit(
      [&](const auto& action) {
        if constexpr (Changes<std::decay_t<decltype(action)>>) run(change, action);
      },
      statement.action);
}

void end_revision(Schema& schema, Rows rows) {
  // The next revision finds the session as it was after connecting.
  std::vector<sql::QualifiedName> gone;
  for (Relation* const changed : schema.take_changed()) {
    Relation& relation = *changed;
    if (relation.temporary) {
      gone.push_back(relation.name);
      continue;
    }
    if (relation.origin == Origin::this_revision && relation.rows != Rows::some) relation.rows = rows;
    if (std::exchange(relation.emptied, false) && relation.rows == Rows::none) {
      relation.rows = relation.origin == Origin::database ? Rows::assumed : rows;
    }
    grow_old(relation);
    for (auto& one : relation.columns) grow_old(one);
    for (auto& one : relation.constraints) grow_old(one);
    for (auto& one : relation.indexes) grow_old(one);
  }
  for (const auto& name : gone) schema.remove(name);
  for (auto& [key, type] : schema.types()) grow_old(type);
  for (auto& [key, function] : schema.functions()) grow_old(function);
  schema.reset_search_path();
}

}  // namespace migrate::catalog
