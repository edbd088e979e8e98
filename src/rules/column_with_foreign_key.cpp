#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  for (const auto& added : added_constraints(site, sql::ConstraintKind::foreign_key)) {
    if (!added.with_column || !site.may_hold_rows(added.table)) continue;
    const auto* default_value = added.command.column->find(sql::ConstraintKind::default_value);
    const bool checks = default_value && default_value->expression && !default_value->expression->null;
    const bool to_itself = added.constraint.references == added.table;
    // Only the one table is locked, as for any new column, and there is nothing to check.
    if (to_itself && !checks) continue;
    auto finding = finding_about(
        site, added.table, added.constraint.range,
        to_itself ? fmt::format("the new column's foreign key is checked while `{}` is locked", to_text(added.table))
                  : fmt::format("the new column's foreign key locks `{}` and `{}` together", to_text(added.table),
                                to_text(added.constraint.references)),
        checks ? "checks every row: the column has a default"
               : "takes SHARE ROW EXCLUSIVE lock on the referenced table");
    if (!checks) finding.at_most = Level::warning;
    finding.diagnostic = std::move(finding.diagnostic)
                             .help("add the column first, then the constraint with NOT VALID, then validate it");
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule column_with_foreign_key{
    .id = "column-with-foreign-key",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "a column is added together with its foreign key",
    .check_statement = check,
};

}  // namespace migrate::rules
