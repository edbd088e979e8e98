#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::drop_default, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    const auto* column = column_of(site, alter.name, command.name);
    if (!column || !column->not_null || !column->has_default || !site.may_hold_rows(alter.name)) return;
    if (column->origin == catalog::Origin::this_revision) return;
    auto finding = site.finding(command.range, fmt::format("an INSERT that does not name `{}` fails from now on",
                                                           command.name));
    finding.diagnostic = std::move(finding.diagnostic)
                             .help("release programs that give it a value first");
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
