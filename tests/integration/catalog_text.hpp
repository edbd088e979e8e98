// A schema as text, for comparing what statements tell with what a server says.
#pragma once

#include <migrate/catalog/schema.hpp>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "support/catch.hpp"

namespace migrate::test {

inline std::string text_of(const sql::TypeRef& type) {
  std::string text = type.schema.empty() ? type.name : type.schema + "." + type.name;
  if (!type.modifiers.empty()) text += fmt::format("({})", fmt::join(type.modifiers, ","));
  // The server does not tell int[] from int[][] in most places.
  if (type.array_dimensions > 0) text += "[]";
  return text;
}

inline std::string_view text_of(sql::ConstraintKind kind) {
  switch (kind) {
    case sql::ConstraintKind::primary_key: return "primary key";
    case sql::ConstraintKind::unique: return "unique";
    case sql::ConstraintKind::exclusion: return "exclusion";
    case sql::ConstraintKind::foreign_key: return "foreign key";
    case sql::ConstraintKind::not_null: return "not null";
    default: return "check";
  }
}

inline std::string sorted(std::vector<std::string> names) {
  std::sort(names.begin(), names.end());
  return fmt::format("{}", fmt::join(names, ","));
}

// Lines in any order. Deliberately left out: rows and sizes, the origin, definitions and predicates (statements have
// them as written), views of a column, and the order of columns in a check (the server sorts them by number).
inline std::set<std::string> lines_of(const catalog::Relation& relation) {
  const std::string name = to_text(relation.name);
  std::set<std::string> lines{fmt::format("{} {}{}{}", to_text(relation.kind), name,
                                          relation.partitioned ? " partitioned" : "",
                                          relation.temporary ? " temporary" : "")};
  if (relation.partition_of) lines.insert(fmt::format("{} part of {}", name, to_text(*relation.partition_of)));
  if (relation.default_partition)
    lines.insert(fmt::format("{} default {}", name, to_text(*relation.default_partition)));
  for (const auto& parent : relation.inherits) lines.insert(fmt::format("{} inherits {}", name, to_text(parent)));
  if (relation.owned_by) {
    lines.insert(fmt::format("{} owned by {}.{}", name, to_text(relation.owned_by->table), relation.owned_by->column));
  }
  for (const auto& one : relation.columns) {
    if (relation.kind == sql::ObjectKind::view || relation.kind == sql::ObjectKind::materialized_view) break;
    lines.insert(fmt::format("{} column {} {}{}{}{}{}", name, one.name, text_of(one.type),
                             one.not_null ? " not null" : "", one.has_default ? " default" : "",
                             one.generated ? " generated" : "", one.identity ? " identity" : ""));
  }
  for (const auto& one : relation.constraints) {
    const bool check = one.kind == sql::ConstraintKind::check;
    std::string line = fmt::format("{} constraint {} {} ({}){}{}", name, one.name, text_of(one.kind),
                                   check ? sorted(one.columns) : fmt::format("{}", fmt::join(one.columns, ",")),
                                   one.valid ? "" : " not valid", one.no_inherit ? " no inherit" : "");
    if (!one.references.name.empty()) {
      line += fmt::format(" references {} ({})", to_text(one.references), fmt::join(one.referenced_columns, ","));
    }
    if (!one.proves_not_null.empty()) line += " proves " + sorted(one.proves_not_null);
    if (!one.parent.empty()) line += " part of " + one.parent;
    lines.insert(line);
  }
  for (const auto& one : relation.indexes) {
    lines.insert(fmt::format("{} index {} {} ({}) include ({}) reads ({}){}{}{}{}{}{}{}{}", name, one.name, one.method,
                             fmt::join(one.columns, ","), fmt::join(one.include, ","), sorted(one.reads),
                             one.unique ? " unique" : "", one.primary ? " primary" : "", one.valid ? "" : " invalid",
                             one.partial ? " partial" : "", one.has_expression ? " expression" : "",
                             one.descending ? " ordered" : "", one.of_constraint ? " of constraint" : "",
                             one.parent.empty() ? "" : " part of " + one.parent));
  }
  return lines;
}

inline std::set<std::string> lines_of(const catalog::Type& type) {
  const std::string name = to_text(type.name);
  std::vector<std::string> users;
  for (const auto& user : type.used_by) users.push_back(to_text(user));
  return {fmt::format("type {}{}{}{}{} ({})", name, type.is_enum ? " enum" : "", type.is_domain ? " domain" : "",
                      type.is_domain ? " " + text_of(type.base) : "", type.constrained ? " constrained" : "",
                      fmt::join(type.labels, ",")),
          fmt::format("type {} used by {}", name, sorted(users))};
}

// Of both schemas, what only one of them has. `left_out` is asked of each line.
template <class LeftOut>
std::string differences(const catalog::Schema& told, const catalog::Schema& read, const LeftOut& left_out) {
  std::set<std::string> left, right;
  for (const auto& [key, relation] : told.relations()) {
    auto lines = lines_of(relation);
    // What a query made of its own is not compared but for its name.
    if (!relation.columns_known) lines = {fmt::format("exists {}", key)};
    left.merge(lines);
    const auto other = read.relations().find(key);
    if (other == read.relations().end()) continue;
    lines = lines_of(other->second);
    if (!relation.columns_known) lines = {fmt::format("exists {}", key)};
    right.merge(lines);
  }
  for (const auto& [key, relation] : read.relations()) {
    if (!told.relations().contains(key)) right.merge(lines_of(relation));
  }
  for (const auto& [key, type] : told.types()) left.merge(lines_of(type));
  for (const auto& [key, type] : read.types()) right.merge(lines_of(type));
  std::string text;
  for (const auto& line : left) {
    if (!right.contains(line) && !left_out(line)) text += "statements: " + line + "\n";
  }
  for (const auto& line : right) {
    if (!left.contains(line) && !left_out(line)) text += "server:     " + line + "\n";
  }
  return text;
}

inline std::string differences(const catalog::Schema& told, const catalog::Schema& read) {
  return differences(told, read, [](const std::string&) { return false; });
}

}  // namespace migrate::test
