#include <migrate/catalog/schema.hpp>

#include "catalog/lookup.hpp"

#include <algorithm>

namespace migrate::catalog {
namespace {

using sql::QualifiedName;

constexpr std::string_view temporary_schema = "pg_temp";

template <class Things>
auto named(Things& things, std::string_view name) {
  const auto found = std::find_if(things.begin(), things.end(), [&](const auto& one) { return one.name == name; });
  return found == things.end() ? nullptr : &*found;
}

template <class Things>
auto at_key(Things& things, const QualifiedName& name) {
  const auto found = things.find(to_text(name));
  return found == things.end() ? nullptr : &found->second;
}

// Where a name without a schema is looked for, in order: temporary relations come first unless the path says otherwise.
std::vector<std::string> places(const Schema& schema) {
  std::vector<std::string> all = schema.search_path;
  if (!contains(all, temporary_schema)) all.insert(all.begin(), std::string(temporary_schema));
  return all;
}

std::string creation_schema(const Schema& schema) {
  const auto& path = schema.search_path;
  const auto first = std::find_if(path.begin(), path.end(), [](const auto& one) { return one != temporary_schema; });
  return first == path.end() ? std::string() : *first;
}

template <class Has>
QualifiedName resolve_with(const Schema& schema, const QualifiedName& name, const Has& has) {
  if (!name.schema.empty()) return {name.schema, name.name, {}};
  for (auto& place : places(schema)) {
    if (QualifiedName candidate{place, name.name, {}}; has(candidate)) return candidate;
  }
  return {creation_schema(schema), name.name, {}};
}

}  // namespace

const TableColumn* Relation::column(std::string_view wanted) const { return named(columns, wanted); }
TableColumn* Relation::column(std::string_view wanted) { return named(columns, wanted); }
const TableConstraint* Relation::constraint(std::string_view wanted) const { return named(constraints, wanted); }
TableConstraint* Relation::constraint(std::string_view wanted) { return named(constraints, wanted); }
const Index* Relation::index(std::string_view wanted) const { return named(indexes, wanted); }
Index* Relation::index(std::string_view wanted) { return named(indexes, wanted); }

std::vector<std::string> Relation::primary_key() const {
  for (const auto& one : constraints) {
    if (one.kind == sql::ConstraintKind::primary_key) return one.columns;
  }
  return {};
}

bool Relation::proven_not_null(std::string_view wanted) const {
  const TableColumn* const found = column(wanted);
  if (found && found->not_null) return true;
  return std::any_of(constraints.begin(), constraints.end(), [&](const TableConstraint& one) {
    if (!one.valid) return false;
    const bool forbids = one.kind == sql::ConstraintKind::not_null || one.kind == sql::ConstraintKind::primary_key;
    return contains(forbids ? one.columns : one.proves_not_null, wanted);
  });
}

const Relation* Schema::find(const QualifiedName& name) const { return at_key(relations_, resolve(name)); }
Relation* Schema::find(const QualifiedName& name) {
  const QualifiedName resolved = resolve(name);
  Relation* const relation = at_key(relations_, resolved);
  if (relation) changed_.insert(to_text(resolved));
  return relation;
}

std::map<std::string, Relation>& Schema::changing_relations() {
  all_changed_ = true;
  return relations_;
}

std::vector<Relation*> Schema::take_changed() {
  std::vector<Relation*> relations;
  if (std::exchange(all_changed_, false)) {
    for (auto& [key, relation] : relations_) relations.push_back(&relation);
  } else {
    for (const auto& key : changed_) {
      const auto place = relations_.find(key);
      if (place != relations_.end()) relations.push_back(&place->second);
    }
  }
  changed_.clear();
  for (const Relation* relation : relations) {
    for (const auto& index : relation->indexes) add_once(index_homes_[index.name], to_text(relation->name));
  }
  return relations;
}

std::pair<const Relation*, const Index*> Schema::find_index(const QualifiedName& name) const {
  if (!name.schema.empty()) return index_at(name);
  for (const auto& place : places(*this)) {
    if (const auto found = index_at({place, name.name, {}}); found.second) return found;
  }
  return {nullptr, nullptr};
}

std::pair<const Relation*, const Index*> Schema::index_at(const QualifiedName& name) const {
  std::pair<const Relation*, const Index*> found{nullptr, nullptr};
  const auto has_it = [&](const Relation& relation) {
    if (relation.name.schema != name.schema) return false;
    found = {&relation, relation.index(name.name)};
    return found.second != nullptr;
  };
  const auto at = [&](const std::string& key) {
    const auto place = relations_.find(key);
    return place != relations_.end() && has_it(place->second);
  };
  if (all_changed_) {
    for (const auto& [key, relation] : relations_) {
      if (has_it(relation)) return found;
    }
    return {nullptr, nullptr};
  }
  if (std::any_of(changed_.begin(), changed_.end(), at)) return found;
  const auto homes = index_homes_.find(name.name);
  if (homes != index_homes_.end() && std::any_of(homes->second.begin(), homes->second.end(), at)) return found;
  return {nullptr, nullptr};
}

QualifiedName Schema::resolve(const QualifiedName& name) const {
  if (keeps_answers_ && name.schema.empty()) {
    const auto kept = schema_of_.find(name.name);
    if (kept != schema_of_.end()) return {kept->second, name.name, {}};
  }
  auto resolved = resolve_with(*this, name, [&](const QualifiedName& candidate) {
    return at_key(relations_, candidate) || index_at(candidate).second;
  });
  if (keeps_answers_ && name.schema.empty()) schema_of_.emplace(name.name, resolved.schema);
  return resolved;
}

void Schema::keep_answers(bool keep) {
  keeps_answers_ = keep;
  schema_of_.clear();
}

QualifiedName Schema::resolve_type(const QualifiedName& name) const {
  return resolve_with(*this, name, [&](const QualifiedName& candidate) { return at_key(types_, candidate); });
}

const Type* Schema::find_type(const QualifiedName& name) const { return at_key(types_, resolve_type(name)); }
Type* Schema::find_type(const QualifiedName& name) { return at_key(types_, resolve_type(name)); }
const Type* Schema::find_type(const sql::TypeRef& type) const {
  return find_type(QualifiedName{type.schema, type.name, {}});
}

const Function* Schema::find_function(const QualifiedName& name) const {
  return at_key(functions_, resolve_with(*this, name, [&](const QualifiedName& candidate) {
                  return at_key(functions_, candidate);
                }));
}

std::vector<InboundKey> Schema::inbound_keys(const QualifiedName& table) const {
  const QualifiedName target = resolve(table);
  std::vector<InboundKey> keys;
  for (const auto& [key, relation] : relations_) {
    for (const auto& one : relation.constraints) {
      if (one.kind != sql::ConstraintKind::foreign_key || !(one.references == target)) continue;
      keys.push_back({relation.name, one.name, one.referenced_columns});
    }
  }
  return keys;
}

Relation& Schema::add(Relation relation) {
  const std::string key = to_text(relation.name);
  changed_.insert(key);
  return relations_.insert_or_assign(key, std::move(relation)).first->second;
}

void Schema::remove(const QualifiedName& name) { relations_.erase(to_text(resolve(name))); }

Type& Schema::add(Type type) {
  const std::string key = to_text(type.name);
  return types_.insert_or_assign(key, std::move(type)).first->second;
}

void Schema::remove_type(const QualifiedName& name) { types_.erase(to_text(resolve_type(name))); }

void Schema::add(Function function) {
  const std::string key = to_text(function.name);
  const auto [place, is_new] = functions_.try_emplace(key, function);
  if (!is_new) place->second.volatility = std::max(place->second.volatility, function.volatility);
}

void Schema::remove_function(const QualifiedName& name) {
  if (const Function* const known = find_function(name)) functions_.erase(to_text(QualifiedName(known->name)));
}

void Schema::set_search_path(std::vector<std::string> schemas) {
  if (!session_search_path_) session_search_path_ = search_path;
  search_path = std::move(schemas);
}

void Schema::reset_search_path() {
  if (session_search_path_) search_path = *std::exchange(session_search_path_, std::nullopt);
}

}  // namespace migrate::catalog
