#include <algorithm>

#include <fmt/format.h>

#include "rules/new_columns.hpp"
#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

// By the same revision: NULL is taken, or there is a default again, or no column.
bool is_settled(const Site& site, const sql::QualifiedName& table, const std::string& column) {
  using Kind = sql::AlterKind;
  for (std::size_t i = site.index; i < site.revision.statements.size(); ++i) {
    const auto* alter = site.action<sql::AlterTable>(i);
    if (!alter || !is_same(site, alter->name, table)) continue;
    const bool settles =
        std::any_of(alter->commands.begin(), alter->commands.end(), [&](const sql::AlterCommand& other) {
          const bool helps = other.kind == Kind::drop_not_null || other.kind == Kind::set_default ||
                             other.kind == Kind::add_identity || other.kind == Kind::drop_column;
          return helps && other.name == column;
        });
    if (settles) return true;
  }
  return false;
}

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::drop_default, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    const auto* column = column_of(site, alter.name, command.name);
    if (!column || !column->not_null || !column->has_default || !site.may_hold_rows(alter.name)) return;
    if (column->origin == catalog::Origin::this_revision || is_settled(site, alter.name, command.name)) return;
    auto finding =
        site.finding(command.range, fmt::format("an INSERT that does not name `{}` fails from now on", command.name));
    finding.diagnostic = std::move(finding.diagnostic).help("release programs that give it a value first");
    findings.push_back(std::move(finding));
  });
}

}  // namespace

const Rule drop_default{
    .id = "drop-default",
    .category = Category::compatibility,
    .level = Level::warning,
    .summary = "the default of a NOT NULL column is dropped",
    .check_statement = check,
};

}  // namespace migrate::rules
