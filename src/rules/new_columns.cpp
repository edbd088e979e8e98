#include "rules/new_columns.hpp"

#include <algorithm>

#include <fmt/format.h>

namespace migrate::rules {
namespace {

bool left_out(const Site& site, const sql::QualifiedName& table) {
  const auto* known = site.relation(table);
  return table.schema == "pg_temp" || (known && (known->temporary || known->kind == sql::ObjectKind::foreign_table));
}

bool left_out(const sql::CreateTable& create) {
  return create.temporary || create.foreign || create.name.schema == "pg_temp";
}

}  // namespace

bool NewType::is(std::string_view name) const {
  return type->schema.empty() && type->name == name && type->array_dimensions == 0 && !type->quoted_char;
}

std::vector<NewType> new_types(const Site& site) {
  std::vector<NewType> found;
  if (const auto* create = site.action<sql::CreateTable>(); create && !left_out(*create)) {
    for (const auto& column : create->columns) {
      if (!column.type.name.empty()) found.push_back({&create->name, column.name, &column.type, &column, create});
    }
  }
  const auto* alter = site.action<sql::AlterTable>();
  if (!alter || left_out(site, alter->name)) return found;
  for (const auto& command : alter->commands) {
    if (command.column && !command.column->type.name.empty()) {
      found.push_back({&alter->name, command.column->name, &command.column->type, &*command.column, nullptr});
    } else if (command.type) {
      found.push_back({&alter->name, command.name, &*command.type, nullptr, nullptr});
    }
  }
  return found;
}

std::vector<NewConstraint> new_constraints(const Site& site, sql::ConstraintKind kind) {
  std::vector<NewConstraint> found;
  const auto add = [&](const sql::QualifiedName& table, const sql::Constraint& constraint,
                       const sql::CreateTable* create, const sql::Column* column) {
    if (constraint.kind == kind) found.push_back({&table, &constraint, create, column});
  };
  if (const auto* create = site.action<sql::CreateTable>(); create && !left_out(*create)) {
    for (const auto& column : create->columns) {
      for (const auto& constraint : column.constraints) add(create->name, constraint, create, &column);
    }
    for (const auto& constraint : create->constraints) add(create->name, constraint, create, nullptr);
  }
  const auto* alter = site.action<sql::AlterTable>();
  if (!alter || alter->object != sql::ObjectKind::table || left_out(site, alter->name)) return found;
  for (const auto& command : alter->commands) {
    if (command.constraint) add(alter->name, *command.constraint, nullptr, nullptr);
    if (!command.column) continue;
    for (const auto& constraint : command.column->constraints) add(alter->name, constraint, nullptr, &*command.column);
  }
  return found;
}

const sql::Column* column_made_with(const Site& site, const NewConstraint& constraint, std::string_view column) {
  if (constraint.create) return column_named(*constraint.create, column);
  const auto* alter = site.action<sql::AlterTable>();
  if (!alter) return nullptr;
  for (const auto& command : alter->commands) {
    if (command.column && command.column->name == column) return &*command.column;
  }
  return nullptr;
}

std::vector<std::string> primary_key_of(const sql::CreateTable& create) {
  for (const auto& column : create.columns) {
    if (column.find(sql::ConstraintKind::primary_key)) return {column.name};
  }
  for (const auto& constraint : create.constraints) {
    if (constraint.kind == sql::ConstraintKind::primary_key) return constraint.columns;
  }
  return {};
}

const sql::Column* column_named(const sql::CreateTable& create, std::string_view name) {
  const auto found = std::find_if(create.columns.begin(), create.columns.end(),
                                  [&](const sql::Column& column) { return column.name == name; });
  return found == create.columns.end() ? nullptr : &*found;
}

bool is_same(const Site& site, const sql::QualifiedName& a, const sql::QualifiedName& b) {
  return a.name == b.name && site.schema.resolve(a) == site.schema.resolve(b);
}

End end_of_statement(const Site& site) {
  const auto& statement = site.judged().statement;
  const std::string_view text = site.revision.source->text();
  const auto next = text.find_first_not_of(" \t\r\n", statement.range.end);
  if (next == std::string_view::npos || text[next] != ';') return {statement.range.end, false};
  return {next + 1, true};
}

Finding type_finding(const Site& site, const NewType& spot, std::string message, const std::string& better) {
  const bool known = !spot.type->range.empty();
  const ByteRange range = known             ? spot.type->range
                          : spot.definition ? spot.definition->range
                                            : site.judged().statement.range;
  auto finding = site.finding(range, std::move(message));
  finding.fix_message = fmt::format("make it {}", better);
  // To change what a column is already that is a matter of its own: the rows have to become something else.
  if (known && spot.definition) {
    finding.fix = {{site.revision.source, range, better}};
  } else {
    finding.diagnostic = std::move(finding.diagnostic).help(finding.fix_message);
  }
  return finding;
}

std::string comparable_type(const Site& site, const sql::TypeRef& type) {
  const sql::TypeRef* at = &type;
  for (int depth = 0; depth < 8; ++depth) {
    const auto* known = site.schema.find_type(*at);
    if (!known || !known->is_domain || known->base.name.empty()) break;
    at = &known->base;
  }
  // The schema is left out: it is written at one of them only, more often than two types have one name.
  const std::string name = at->name == "varchar" ? "text" : at->name;
  return at->array_dimensions > 0 ? name + "[]" : name;
}

}  // namespace migrate::rules
