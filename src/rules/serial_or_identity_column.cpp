#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::add_column, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    if (!command.column || !site.may_hold_rows(alter.name)) return;
    const sql::Column& column = *command.column;
    const auto* identity = column.find(sql::ConstraintKind::identity);
    if (!column.type.serial && !identity) return;
    auto finding = finding_about(site, alter.name, identity ? identity->range : column.type.range,
                                 fmt::format("every row gets a number: this rewrites `{}`", to_text(alter.name)),
                                 "takes ACCESS EXCLUSIVE lock while table and indexes are written anew");
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help(
                "add a plain column, make a sequence and SET DEFAULT nextval(...) for new rows, fill the "
                "old ones in batches");
    findings.push_back(std::move(finding));
  });
}

}  // namespace

const Rule serial_or_identity_column{
    .id = "serial-or-identity-column",
    .category = Category::rewrite,
    .level = Level::error,
    .summary = "a serial or identity column is added, which rewrites the table",
    .check_statement = check,
};

}  // namespace migrate::rules
