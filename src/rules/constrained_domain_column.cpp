#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::add_column, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    if (!command.column || !site.may_hold_rows(alter.name)) return;
    const auto* type = site.schema.find_type(command.column->type);
    if (!type || !type->is_domain || !type->constrained) return;
    auto finding = finding_about(site, alter.name, command.column->type.range,
                                 fmt::format("domain `{}` has a constraint: adding a column of it rewrites `{}`",
                                             to_text(type->name), to_text(alter.name)),
                                 "takes ACCESS EXCLUSIVE lock while table and indexes are written anew");
    finding.diagnostic = std::move(finding.diagnostic)
                             .help("use the domain's base type, and a CHECK with NOT VALID that is validated later");
    findings.push_back(std::move(finding));
  });
}

}  // namespace

const Rule constrained_domain_column{
    .id = "constrained-domain-column",
    .category = Category::rewrite,
    .level = Level::error,
    .summary = "a column of a constrained domain is added, which rewrites the table",
    .check_statement = check,
};

}  // namespace migrate::rules
