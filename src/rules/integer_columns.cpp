// Keys and counters that come to an end.
#include <algorithm>

#include <fmt/format.h>

#include "rules/new_columns.hpp"
#include "rules/rule_list.hpp"

namespace migrate::rules {
namespace {

bool is_int(const sql::TypeRef& type) {
  return type.schema.empty() && type.name == "int4" && type.array_dimensions == 0;
}

std::string wider(const sql::TypeRef& type) { return type.serial ? "bigserial" : "bigint"; }

// Its value is another table's key: that decides about the type.
bool is_foreign(const Site& site, const sql::CreateTable& create, const std::string& column) {
  const auto points_elsewhere = [&](const sql::Constraint& constraint) {
    return constraint.kind == sql::ConstraintKind::foreign_key &&
           constraint.columns == std::vector<std::string>{column};
  };
  const auto* definition = column_named(create, column);
  if (definition && definition->find(sql::ConstraintKind::foreign_key)) return true;
  if (std::any_of(create.constraints.begin(), create.constraints.end(), points_elsewhere)) return true;
  for (std::size_t i = site.index + 1; i < site.revision.statements.size(); ++i) {
    const auto* alter = site.action<sql::AlterTable>(i);
    if (!alter || !is_same(site, alter->name, create.name)) continue;
    for (const auto& command : alter->commands) {
      if (command.constraint && points_elsewhere(*command.constraint)) return true;
    }
  }
  return false;
}

bool is_referenced_here(const Site& site, const sql::QualifiedName& table) {
  const auto refers = [&](const sql::Constraint& constraint) {
    return constraint.kind == sql::ConstraintKind::foreign_key && is_same(site, constraint.references, table);
  };
  for (std::size_t i = 0; i < site.revision.statements.size(); ++i) {
    const auto in_columns = [&](const std::vector<sql::Column>& columns) {
      return std::any_of(columns.begin(), columns.end(), [&](const sql::Column& column) {
        return std::any_of(column.constraints.begin(), column.constraints.end(), refers);
      });
    };
    if (const auto* create = site.action<sql::CreateTable>(i)) {
      if (in_columns(create->columns) || std::any_of(create->constraints.begin(), create->constraints.end(), refers))
        return true;
    }
    if (const auto* alter = site.action<sql::AlterTable>(i)) {
      for (const auto& command : alter->commands) {
        if ((command.constraint && refers(*command.constraint)) || (command.column && in_columns({*command.column})))
          return true;
      }
    }
  }
  return false;
}

void check_key(const Site& site, Findings& findings) {
  const auto* create = site.action<sql::CreateTable>();
  if (!create) return;
  const auto key = primary_key_of(*create);
  if (key.size() != 1 || is_foreign(site, *create, key.front())) return;
  for (const auto& spot : new_types(site)) {
    // A smallint is chosen on purpose, for a handful of rows.
    if (spot.column != key.front() || !is_int(*spot.type)) continue;
    auto finding = type_finding(
        site, spot, fmt::format("the key `{}` of `{}` ends at 2147483647", spot.column, to_text(create->name)),
        wider(*spot.type));
    if (is_referenced_here(site, create->name)) {
      finding.fix.clear();
      finding.diagnostic = std::move(finding.diagnostic).help("make it bigint, and the columns that point at it, too");
    }
    findings.push_back(std::move(finding));
  }
}

void check_column(const Site& site, Findings& findings) {
  for (const auto& spot : new_types(site)) {
    const bool key = spot.create && primary_key_of(*spot.create) == std::vector<std::string>{spot.column};
    if (key || (!is_int(*spot.type) && !spot.is("int2"))) continue;
    findings.push_back(
        type_finding(site, spot, fmt::format("`{}` is smaller than bigint", spot.column), wider(*spot.type)));
  }
}

void check_type(const Site& site, Findings& findings) {
  const auto* create = site.action<sql::CreateTable>();
  if (!create) return;
  const auto& allowed = site.options.primary_key_types;
  const auto allows = [&](std::string_view type) {
    return std::find(allowed.begin(), allowed.end(), type) != allowed.end();
  };
  const auto key = primary_key_of(*create);
  if (allowed.empty() || key.size() != 1 || is_foreign(site, *create, key.front())) return;
  for (const auto& spot : new_types(site)) {
    // Where a bigint is well, a smaller one is the business of `integer-primary-key`.
    const bool integer = spot.is("int4") || spot.is("int2");
    if (spot.column != key.front() || allows(comparable_type(site, *spot.type)) || (integer && allows("int8")))
      continue;
    auto finding = site.finding(
        spot.type->range,
        fmt::format("the key `{}` of `{}` is of another type than the project's", spot.column, to_text(create->name)));
    finding.diagnostic = std::move(finding.diagnostic).help(fmt::format("make it {}", fmt::join(allowed, " or ")));
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule integer_primary_key{
    .id = "integer-primary-key",
    .category = Category::types,
    .level = Level::warning,
    .summary = "a primary key of type integer, which ends at 2147483647",
    .check_statement = check_key,
};

const Rule integer_column{
    .id = "integer-column",
    .category = Category::types,
    .level = Level::off,
    .summary = "a column of type integer or smallint",
    .check_statement = check_column,
};

const Rule primary_key_type{
    .id = "primary-key-type",
    .category = Category::types,
    .level = Level::off,
    .summary = "a primary key of another type than the project's settings ask for",
    .check_statement = check_type,
    .strict = Level::warning,
};

}  // namespace migrate::rules
