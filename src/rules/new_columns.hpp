// Columns, keys and types that a statement brings into the schema. Temporary and foreign tables are left out: nobody
// else depends on the first, and of the second others decide.
#pragma once

#include <string>
#include <vector>

#include <migrate/rules/rule.hpp>

namespace migrate::rules {

// A column with the type that it gets.
struct NewType {
  const sql::QualifiedName* table;
  std::string column;
  const sql::TypeRef* type;
  const sql::Column* definition;   // null: ALTER COLUMN ... TYPE
  const sql::CreateTable* create;  // null: ALTER TABLE

  // One of PostgreSQL's own types, not an array.
  [[nodiscard]] bool is(std::string_view name) const;
};
std::vector<NewType> new_types(const Site& site);

// A constraint of a new table, a new column or its own.
struct NewConstraint {
  const sql::QualifiedName* table;
  const sql::Constraint* constraint;
  const sql::CreateTable* create;  // null: ALTER TABLE
  const sql::Column* column;       // null: not written at a new column
};
std::vector<NewConstraint> new_constraints(const Site& site, sql::ConstraintKind kind);

// The column as the statement with the constraint makes it; null where it does not.
const sql::Column* column_made_with(const Site& site, const NewConstraint& constraint, std::string_view column);

// The columns of a new table's primary key, wherever it is written.
std::vector<std::string> primary_key_of(const sql::CreateTable& create);
const sql::Column* column_named(const sql::CreateTable& create, std::string_view name);

// Two names of one relation.
bool is_same(const Site& site, const sql::QualifiedName& a, const sql::QualifiedName& b);

// After the statement and its semicolon; what stands there must begin with `;` where there is none.
struct End {
  std::size_t at = 0;
  bool semicolon = false;
};
End end_of_statement(const Site& site);

// A finding whose fix writes another type.
Finding type_finding(const Site& site, const NewType& spot, std::string message, const std::string& better);

// Without modifiers and brackets; domains are their base type, varchar is text: what decides whether two compare well.
std::string comparable_type(const Site& site, const sql::TypeRef& type);

}  // namespace migrate::rules
