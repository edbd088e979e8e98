// One statement at work on a schema: a function for each kind that changes something, and what they share.
#pragma once

#include <string>
#include <vector>

#include <migrate/catalog/schema.hpp>

namespace migrate::catalog {

struct Change {
  Schema& schema;
  const Maker& maker;

  // From 18 on they are constraints with names. Where the version isn't known nobody asks for them.
  [[nodiscard]] bool names_not_null() const { return schema.server_version.value_or(0) >= 180000; }
};

void run(const Change& change, const sql::CreateTable& create);
void run(const Change& change, const sql::AlterTable& alter);
void run(const Change& change, const sql::CreateIndex& create);
void run(const Change& change, const sql::Drop& drop);
void run(const Change& change, const sql::Rename& rename);
void run(const Change& change, const sql::SetSchema& move);
void run(const Change& change, const sql::CreateSequence& create);
void run(const Change& change, const sql::CreateView& create);
void run(const Change& change, const sql::RefreshView& refresh);
void run(const Change& change, const sql::CreateEnum& create);
void run(const Change& change, const sql::CreateType& create);
void run(const Change& change, const sql::CreateDomain& create);
void run(const Change& change, const sql::AlterDomain& alter);
void run(const Change& change, const sql::AddEnumValue& add);
void run(const Change& change, const sql::CreateFunction& create);
void run(const Change& change, const sql::ChangeRows& rows);
void run(const Change& change, const sql::Copy& copy);
void run(const Change& change, const sql::Truncate& truncate);
void run(const Change& change, const sql::SetVariable& set);
void run(const Change& change, const sql::Other& other);

// ---- What they share.

inline sql::QualifiedName without_range(const sql::QualifiedName& name) { return {name.schema, name.name, {}}; }

// A relation that is new, with its name resolved.
Relation new_relation(const Change& change, const sql::QualifiedName& name, sql::ObjectKind kind, bool temporary);

// As the server stores it: with its schema, numeric(10) as numeric(10,0), without `serial`.
sql::TypeRef settled(const Schema& schema, sql::TypeRef type);
bool is_type(const Schema& schema, const sql::TypeRef& type, const sql::QualifiedName& name);
// Type::used_by after the columns of the table have changed.
void note_types(Schema& schema, const Relation& table);

// The column with what of its constraints is the column's own; CHECK, keys and references come afterwards.
void add_column(const Change& change, Relation& table, const sql::Column& column);
void add_constraint(const Change& change, Relation& table, const sql::Constraint& constraint);
void set_not_null(const Change& change, Relation& table, TableColumn& column, const std::string& name, bool valid);
// The name of its NOT NULL, which children and copies take over; empty before 18.
std::string not_null_name(const Relation& table, const std::string& column);
void set_identity(const Change& change, Relation& table, TableColumn& column);
// In the order in which the server makes them: checks, keys, references.
void add_constraints(const Change& change, Relation& table, const std::vector<const sql::Constraint*>& constraints);

void attach_partition(const Change& change, Relation& table, const sql::QualifiedName& partition, bool is_default);
// Partitions and children get what their parent has and they lack.
void hand_down(const Change& change, const Relation& parent);
// True of the ancestor itself too. What would close a circle is not taken in: the server would have refused it.
bool is_below(const Schema& schema, const sql::QualifiedName& name, const sql::QualifiedName& ancestor);
std::vector<Relation*> children_of(Schema& schema, const sql::QualifiedName& parent);

void remove_relation(Schema& schema, const sql::QualifiedName& name, bool cascade);
void remove_column(Schema& schema, Relation& table, const std::string& column, bool cascade);
void remove_constraint(Schema& schema, Relation& table, const std::string& name);
void remove_index(Schema& schema, Relation& table, const std::string& name);

void rename_relation(Schema& schema, const sql::QualifiedName& from, const sql::QualifiedName& to);
void rename_index(Schema& schema, const sql::QualifiedName& from, const std::string& to);
void move_relation(Schema& schema, const sql::QualifiedName& name, const std::string& to);

}  // namespace migrate::catalog
