// Effects of one statement, gathered row by row.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "rules/effects/shape.hpp"

namespace migrate::rules {

using Names = std::vector<sql::QualifiedName>;

// The relations that stand at the parts of a row. What follows from the target (its partitions, parent, indexes) is
// looked up.
struct Places {
  sql::QualifiedName target;
  sql::ObjectKind kind = sql::ObjectKind::table;  // of the target where the schema does not know it
  bool only = false;                              // without partitions and children
  bool certain = true;                            // else the work of the row is a `maybe`
  LockMode at_least = LockMode::none;             // of the target, and of partitions that are locked as it is
  Names others, referenced, referencing, reads, dependents, sequences;
  bool without_default = false;  // the target's default partition is the one that goes
};

class Gathering {
 public:
  Gathering(const catalog::Schema& before, int server_version) : schema(before), major(server_version / 10000) {}

  void touch(Shape shape, const Places& places);
  // A new relation or type.
  void introduce(const sql::QualifiedName& name);
  void may_do_more() { effects_.complete = false; }
  // For what has a target and nothing else.
  void touch(Shape shape, const sql::QualifiedName& target, sql::ObjectKind kind = sql::ObjectKind::table);

  // Null: no row says what this version does (it does not know the statement).
  [[nodiscard]] const EffectRow* row(Shape shape) const;
  [[nodiscard]] const catalog::Relation* find(const sql::QualifiedName& name) const { return schema.find(name); }
  // Partitions and children, theirs too.
  [[nodiscard]] Names descendants(const sql::QualifiedName& name) const;
  [[nodiscard]] Names sequences_of(const sql::QualifiedName& table, std::string_view column = {}) const;
  // The tables that its foreign keys refer to; with a column: of the keys that it is part of.
  [[nodiscard]] Names referenced_by(const sql::QualifiedName& table, std::string_view column = {}) const;
  // The tables with foreign keys to it, itself excluded.
  [[nodiscard]] Names referencing(const sql::QualifiedName& table, std::string_view column = {}) const;
  // Views over the table, and over those.
  [[nodiscard]] Names views_of(const sql::QualifiedName& relation, std::string_view column = {}) const;

  StatementEffects finish();

  const catalog::Schema& schema;
  const int major;

 private:
  struct Spot {
    sql::QualifiedName name;
    sql::ObjectKind kind;
  };
  void touch_part(const Touch& touch, const Places& places);
  void touch_all(const Names& names, const Touch& touch, const Places& places, bool with_partitions);
  void touch_one(const sql::QualifiedName& name, sql::ObjectKind kind, LockMode lock, std::string_view work,
                 bool certain);
  [[nodiscard]] Work has_indexes(const catalog::Relation& relation) const;
  void touch_indexes(const catalog::Relation* table, LockMode lock);
  // The target's table where it is an index, else the target.
  [[nodiscard]] sql::QualifiedName table_of(const sql::QualifiedName& name) const;

  std::map<std::string, RelationEffect> relations_;
  StatementEffects effects_;
};

// ---- One function for each kind of statement.

void gather(Gathering& to, const sql::AlterTable& alter);
void gather(Gathering& to, const sql::Drop& drop);
void gather(Gathering& to, const sql::Rename& rename);
void gather(Gathering& to, const sql::SetSchema& move);
void gather(Gathering& to, const sql::CreateTable& create);
void gather(Gathering& to, const sql::CreateIndex& create);
void gather(Gathering& to, const sql::CreateSequence& create);
void gather(Gathering& to, const sql::AlterSequence& alter);
void gather(Gathering& to, const sql::CreateView& create);
void gather(Gathering& to, const sql::RefreshView& refresh);
void gather(Gathering& to, const sql::CreateTrigger& create);
void gather(Gathering& to, const sql::CreatePolicy& create);
void gather(Gathering& to, const sql::CreateRule& create);
void gather(Gathering& to, const sql::CreateStatistics& create);
void gather(Gathering& to, const sql::CreateEnum& create);
void gather(Gathering& to, const sql::CreateType& create);
void gather(Gathering& to, const sql::CreateDomain& create);
void gather(Gathering& to, const sql::AlterDomain& alter);
void gather(Gathering& to, const sql::CreateFunction& create);
void gather(Gathering& to, const sql::CreateExtension& create);
void gather(Gathering& to, const sql::DoBlock& block);
void gather(Gathering& to, const sql::ChangeRows& rows);
void gather(Gathering& to, const sql::Select& select);
void gather(Gathering& to, const sql::Copy& copy);
void gather(Gathering& to, const sql::Truncate& truncate);
void gather(Gathering& to, const sql::LockTable& lock);
void gather(Gathering& to, const sql::Reindex& reindex);
void gather(Gathering& to, const sql::Vacuum& vacuum);
void gather(Gathering& to, const sql::Cluster& cluster);
void gather(Gathering& to, const sql::Comment& comment);
void gather(Gathering& to, const sql::Privileges& privileges);
void gather(Gathering& to, const sql::Other& other);

// ---- Types and expressions.

// What ALTER COLUMN ... TYPE does to the rows.
enum class TypeChange { free, rewriting, unknown };
TypeChange type_change(const catalog::Schema& schema, const sql::TypeRef& from, const sql::TypeRef& to);
// The index of a column that changes its type without a rewrite need not be built anew.
bool keeps_indexes(const sql::TypeRef& from, const sql::TypeRef& to);
// `maybe`: calls of functions that are not known, and of the user's volatile ones (the server may inline them).
Work is_volatile(const catalog::Schema& schema, const sql::Expression& expression);
// Of a new column's type.
Work is_constrained(const catalog::Schema& schema, const sql::TypeRef& type);

}  // namespace migrate::rules
