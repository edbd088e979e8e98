#include "catalog/change.hpp"
#include "catalog/lookup.hpp"

namespace migrate::catalog {
namespace {

using sql::ConstraintKind;

Type new_type(const Change& change, const sql::QualifiedName& name) {
  Type type;
  type.name = without_range(name);
  if (name.schema.empty()) {
    const auto& path = change.schema.search_path;
    const auto first = std::find_if(path.begin(), path.end(), [](const auto& one) { return one != "pg_temp"; });
    if (first != path.end()) type.name.schema = *first;
  }
  type.origin = change.maker.origin;
  return type;
}

bool constrains(const sql::Constraint& one) {
  return one.kind == ConstraintKind::check || one.kind == ConstraintKind::not_null;
}

}  // namespace

bool is_type(const Schema& schema, const sql::TypeRef& type, const sql::QualifiedName& name) {
  return type.name == name.name && schema.resolve_type({type.schema, type.name, {}}) == name;
}

sql::TypeRef settled(const Schema& schema, sql::TypeRef type) {
  type.range = {};
  type.serial = false;
  if (type.name == "numeric" && type.modifiers.size() == 1) type.modifiers.push_back(0);
  if (const Type* known = schema.find_type(type)) type.schema = known->name.schema;
  return type;
}

void note_types(Schema& schema, const Relation& table) {
  if (table.kind != sql::ObjectKind::table && table.kind != sql::ObjectKind::foreign_table) return;
  for (auto& [key, type] : schema.types()) {
    const bool used =
        std::any_of(table.columns.begin(), table.columns.end(), [&, &name = type.name](const auto& column) {
          return column.type.name == name.name && is_type(schema, column.type, name);
        });
    const auto known = std::find(type.used_by.begin(), type.used_by.end(), table.name);
    if (used && known == type.used_by.end()) type.used_by.push_back(table.name);
    // Columns that are not known may be of any type.
    if (!used && known != type.used_by.end() && table.columns_known) type.used_by.erase(known);
  }
}

void run(const Change& change, const sql::CreateEnum& create) {
  Type type = new_type(change, create.name);
  type.is_enum = true;
  type.labels = create.values;
  change.schema.add(std::move(type));
}

void run(const Change& change, const sql::CreateType& create) {
  Type type = new_type(change, create.name);
  // A shell type, and the type itself afterwards.
  if (!change.schema.types().contains(to_text(type.name))) change.schema.add(std::move(type));
}

void run(const Change& change, const sql::CreateDomain& create) {
  Type type = new_type(change, create.name);
  type.is_domain = true;
  type.base = settled(change.schema, create.type);
  const Type* const base = change.schema.find_type(type.base);
  type.constrained =
      (base && base->constrained) || std::any_of(create.constraints.begin(), create.constraints.end(), constrains);
  change.schema.add(std::move(type));
}

void run(const Change& change, const sql::AlterDomain& alter) {
  using Kind = sql::AlterDomain::Kind;
  Type* const type = change.schema.find_type(alter.name);
  if (!type) return;
  // Which constraints are left after a DROP is not known: it stays constrained.
  if (alter.kind == Kind::set_not_null || alter.kind == Kind::add_constraint) type->constrained = true;
}

void run(const Change& change, const sql::AddEnumValue& add) {
  Type* const type = change.schema.find_type(add.type);
  if (type && type->is_enum) add_once(type->labels, add.value);
}

void run(const Change& change, const sql::CreateFunction& create) {
  Function function;
  function.name = new_type(change, create.name).name;
  if (create.volatility == "immutable") function.volatility = Volatility::immutable;
  if (create.volatility == "stable") function.volatility = Volatility::stable;
  function.origin = change.maker.origin;
  change.schema.add(std::move(function));
}

}  // namespace migrate::catalog
