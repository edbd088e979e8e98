// Statements about what belongs to relations, and about types, functions and the rest.
#include <algorithm>
#include <array>

#include "rules/effects/gathering.hpp"

namespace migrate::rules {
namespace {

using sql::ObjectKind;
using sql::QualifiedName;

void touch_nothing(Gathering& to) { to.touch(Shape::no_relation, Places{}); }

bool starts_with_any(std::string_view tag, std::initializer_list<std::string_view> heads) {
  return std::any_of(heads.begin(), heads.end(), [&](std::string_view head) { return tag.starts_with(head); });
}

void touch_each(Gathering& to, Shape shape, const Names& names) {
  for (const auto& name : names) to.touch(shape, name);
}

}  // namespace

void gather(Gathering& to, const sql::CreateTrigger& create) {
  to.touch(create.for_each_row ? Shape::create_row_trigger : Shape::create_trigger, create.table);
}
void gather(Gathering& to, const sql::CreatePolicy& create) { to.touch(Shape::policy, create.table); }
void gather(Gathering& to, const sql::CreateRule& create) { to.touch(Shape::rule, create.table); }

void gather(Gathering& to, const sql::CreateStatistics& create) { touch_each(to, Shape::statistics, create.tables); }

void gather(Gathering& to, const sql::CreateEnum& create) {
  to.introduce(create.name);
  touch_nothing(to);
}
void gather(Gathering& to, const sql::CreateType& create) {
  to.introduce(create.name);
  touch_nothing(to);
}
void gather(Gathering& to, const sql::CreateDomain& create) {
  to.introduce(create.name);
  touch_nothing(to);
}

void gather(Gathering& to, const sql::AlterDomain& alter) {
  using Kind = sql::AlterDomain::Kind;
  const bool adds = alter.kind == Kind::add_constraint && alter.constraint && !alter.constraint->not_valid;
  if (!adds && alter.kind != Kind::set_not_null && alter.kind != Kind::validate_constraint) return touch_nothing(to);
  const auto* domain = to.schema.find_type(alter.name);
  if (!domain && !to.schema.complete) to.may_do_more();
  Places places;
  for (const auto& table : domain ? domain->used_by : Names{}) {
    // The rows are in the partitions: the partitioned table itself is left alone.
    const auto* relation = to.find(table);
    if (!relation || !relation->partitioned) places.dependents.push_back(table);
  }
  to.touch(Shape::validate_domain, places);
}

void gather(Gathering& to, const sql::CreateFunction&) { touch_nothing(to); }
// Its script may do anything.
void gather(Gathering& to, const sql::CreateExtension&) { to.may_do_more(); }
void gather(Gathering& to, const sql::DoBlock&) { to.may_do_more(); }

void gather(Gathering& to, const sql::Comment& comment) {
  switch (comment.object) {
    case ObjectKind::table:
    case ObjectKind::view:
    case ObjectKind::materialized_view:
    case ObjectKind::foreign_table:
    case ObjectKind::index:
    case ObjectKind::sequence:
    case ObjectKind::column: return to.touch(Shape::comment, comment.name);
    case ObjectKind::constraint:
      return to.schema.find_type(comment.name) ? touch_nothing(to) : to.touch(Shape::comment_on_part, comment.name);
    case ObjectKind::trigger:
    case ObjectKind::policy:
    case ObjectKind::rule: return to.touch(Shape::comment_on_part, comment.name);
    default: return touch_nothing(to);
  }
}

void gather(Gathering& to, const sql::Privileges& privileges) {
  const bool tables = privileges.object == ObjectKind::table || privileges.object == ObjectKind::sequence;
  if (!tables || privileges.objects.empty()) return touch_nothing(to);
  touch_each(to, Shape::grant, privileges.objects);
}

void gather(Gathering& to, const sql::Other& other) {
  const std::string_view tag = other.tag;
  if (starts_with_any(tag, {"CREATE PUBLICATION", "ALTER PUBLICATION"})) {
    touch_each(to, Shape::publication, other.names);
    return touch_nothing(to);
  }
  if (tag.starts_with("ALTER POLICY")) return touch_each(to, Shape::policy, other.names);
  if (starts_with_any(tag, {"CREATE DATABASE", "DROP DATABASE", "CREATE TABLESPACE", "DROP TABLESPACE", "ALTER SYSTEM",
                            "CREATE SUBSCRIPTION", "DROP SUBSCRIPTION"})) {
    return to.touch(Shape::no_transaction, Places{});
  }
  // Only what is known to leave relations alone; the rest (CALL, IMPORT FOREIGN SCHEMA, REASSIGN OWNED) may do
  // anything.
  if (starts_with_any(tag, {"ALTER SCHEMA",
                            "ALTER FUNCTION",
                            "ALTER PROCEDURE",
                            "ALTER ROUTINE",
                            "ALTER AGGREGATE",
                            "ALTER TYPE",
                            "ALTER DOMAIN",
                            "ALTER DEFAULT PRIVILEGES",
                            "ALTER STATISTICS",
                            "CREATE ROLE",
                            "CREATE USER",
                            "ALTER ROLE",
                            "ALTER USER",
                            "CREATE CAST",
                            "CREATE OPERATOR",
                            "CREATE COLLATION",
                            "CREATE AGGREGATE",
                            "CREATE TEXT SEARCH",
                            "CREATE SERVER",
                            "CREATE FOREIGN DATA WRAPPER",
                            "CREATE LANGUAGE",
                            "SHOW",
                            "NOTIFY",
                            "LISTEN",
                            "UNLISTEN",
                            "PREPARE",
                            "DEALLOCATE",
                            "CHECKPOINT",
                            "ALTER DATABASE",
                            "CREATE EVENT TRIGGER",
                            "ALTER EVENT TRIGGER",
                            "DECLARE",
                            "FETCH",
                            "CLOSE"})) {
    return touch_nothing(to);
  }
  to.may_do_more();
}

}  // namespace migrate::rules
