#include <migrate/catalog/schema.hpp>

#include <algorithm>
#include <variant>

namespace migrate::catalog {
namespace {

using sql::ObjectKind;
using sql::QualifiedName;

void once(std::vector<QualifiedName>& names, const QualifiedName& name) {
  if (name.name.empty() || std::find(names.begin(), names.end(), name) != names.end()) return;
  names.push_back({name.schema, name.name, {}});
}

// Adds the names of one statement.
class Mentioner {
 public:
  explicit Mentioner(Mentioned& names) : names_(names) {}

  template <class T>
  void operator()(const T&) {}

  void operator()(const sql::Other& other) { relations(other.names); }

  void operator()(const sql::CreateTable& create) {
    relation(create.name);
    for (const auto& one : create.columns) column(one);
    for (const auto& one : create.constraints) constraint(one);
    relations(create.inherits);
    if (create.partition_of) relation(*create.partition_of);
    for (const auto& like : create.likes) relation(like.table);
    relations(create.reads);
  }

  void operator()(const sql::AlterTable& alter) {
    relation(alter.name);
    if (alter.object == ObjectKind::type) once(names_.types, alter.name);
    for (const auto& command : alter.commands) {
      if (command.column) column(*command.column);
      if (command.constraint) constraint(*command.constraint);
      if (command.constraint && !command.constraint->using_index.empty()) {
        relation({alter.name.schema, command.constraint->using_index, {}});
      }
      if (command.type) type(*command.type);
      if (command.expression) expression(*command.expression);
      relation(command.other);
    }
  }

  void operator()(const sql::CreateIndex& create) {
    relation(create.table);
    // An index lives in its table's schema.
    relation({create.table.schema, create.name, {}});
    for (const auto& element : create.elements) {
      if (element.expression) expression(*element.expression);
    }
    if (create.where) expression(*create.where);
  }

  void operator()(const sql::Drop& drop) {
    for (const auto& name : drop.names) object(drop.object, name);
  }
  void operator()(const sql::Rename& rename) {
    object(rename.object, rename.relation);
    // What is in the way of the new name.
    if (rename.old_name.empty()) object(rename.object, {rename.relation.schema, rename.new_name, {}});
  }
  void operator()(const sql::SetSchema& move) { object(move.object, move.name); }
  void operator()(const sql::CreateSequence& create) { relation(create.name); }
  void operator()(const sql::AlterSequence& alter) { relation(alter.name); }
  void operator()(const sql::CreateView& create) {
    relation(create.name);
    relations(create.reads);
  }
  void operator()(const sql::RefreshView& refresh) { relation(refresh.name); }
  void operator()(const sql::CreateEnum& create) { once(names_.types, create.name); }
  void operator()(const sql::CreateType& create) { once(names_.types, create.name); }
  void operator()(const sql::CreateDomain& create) {
    once(names_.types, create.name);
    type(create.type);
    for (const auto& one : create.constraints) constraint(one);
  }
  void operator()(const sql::AlterDomain& alter) {
    once(names_.types, alter.name);
    if (alter.constraint) constraint(*alter.constraint);
  }
  void operator()(const sql::AddEnumValue& add) { once(names_.types, add.type); }
  void operator()(const sql::CreateTrigger& create) {
    relation(create.table);
    once(names_.functions, create.function);
  }
  void operator()(const sql::CreateFunction& create) { once(names_.functions, create.name); }
  void operator()(const sql::CreatePolicy& create) { relation(create.table); }
  void operator()(const sql::CreateRule& create) { relation(create.table); }
  void operator()(const sql::CreateStatistics& create) { relations(create.tables); }
  void operator()(const sql::ChangeRows& rows) {
    relation(rows.table);
    relations(rows.reads);
    functions(rows.functions);
    for (const auto& one : rows.inside) (*this)(one);
  }
  void operator()(const sql::Select& select) {
    relations(select.reads);
    functions(select.functions);
  }
  void operator()(const sql::Truncate& truncate) { relations(truncate.tables); }
  void operator()(const sql::LockTable& lock) { relations(lock.tables); }
  void operator()(const sql::Reindex& reindex) {
    using Kind = sql::Reindex::Kind;
    if (reindex.kind == Kind::index || reindex.kind == Kind::table) relation(reindex.name);
  }
  void operator()(const sql::Vacuum& vacuum) { relations(vacuum.tables); }
  void operator()(const sql::Cluster& cluster) {
    if (cluster.table) relation(*cluster.table);
  }
  void operator()(const sql::Copy& copy) { relation(copy.table); }
  void operator()(const sql::Comment& comment) { object(comment.object, comment.name); }
  void operator()(const sql::Privileges& privileges) {
    for (const auto& name : privileges.objects) object(privileges.object, name);
  }
  void operator()(const sql::SetVariable& set) {
    if (set.name != "search_path") return;
    for (const auto& schema : set.values) {
      const bool known = std::find(names_.schemas.begin(), names_.schemas.end(), schema) != names_.schemas.end();
      if (!known && !schema.empty() && schema != "$user") names_.schemas.push_back(schema);
    }
  }

 private:
  void relation(const QualifiedName& name) { once(names_.relations, name); }
  void relations(const std::vector<QualifiedName>& names) {
    for (const auto& name : names) relation(name);
  }
  void type(const sql::TypeRef& type) { once(names_.types, {type.schema, type.name, {}}); }
  void functions(const std::vector<sql::FunctionCall>& calls) {
    for (const auto& call : calls) {
      if (call.name.schema == "pg_catalog") continue;
      if (!call.name.schema.empty() || !built_in_volatility(call.name.name)) once(names_.functions, call.name);
    }
  }
  void expression(const sql::Expression& expression) { functions(expression.functions); }
  void constraint(const sql::Constraint& constraint) {
    if (constraint.expression) expression(*constraint.expression);
    if (constraint.where) expression(*constraint.where);
    relation(constraint.references);
  }
  void column(const sql::Column& column) {
    type(column.type);
    for (const auto& one : column.constraints) constraint(one);
  }

  void object(ObjectKind kind, const QualifiedName& name) {
    switch (kind) {
      case ObjectKind::table:
      case ObjectKind::view:
      case ObjectKind::materialized_view:
      case ObjectKind::foreign_table:
      case ObjectKind::index:
      case ObjectKind::sequence:
      case ObjectKind::column:
      case ObjectKind::constraint:
      case ObjectKind::trigger:
      case ObjectKind::policy:
      case ObjectKind::rule: return relation(name);
      case ObjectKind::type:
      case ObjectKind::domain:
      case ObjectKind::enum_value: return once(names_.types, name);
      case ObjectKind::attribute: relation(name); return once(names_.types, name);
      case ObjectKind::function:
      case ObjectKind::procedure:
      case ObjectKind::aggregate: return once(names_.functions, name);
      default: return;
    }
  }

  Mentioned& names_;
};

}  // namespace

void mention(Mentioned& names, const sql::Model& statement) { std::visit(Mentioner(names), statement.action); }

}  // namespace migrate::catalog
