#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* table = site.action<sql::CreateTable>();
  if (!table || table->temporary) return;
  const auto judge_constraint = [&](const sql::Constraint& constraint) {
    if (constraint.kind != sql::ConstraintKind::foreign_key || !site.may_hold_rows(constraint.references)) return;
    if (constraint.references == table->name) return;
    findings.push_back(finding_about(site, constraint.references, constraint.range,
                                     fmt::format("the new table's foreign key blocks writes to `{}` until the commit",
                                                 to_text(constraint.references)),
                                     "takes SHARE ROW EXCLUSIVE lock on the referenced table"));
  };
  for (const auto& constraint : table->constraints) judge_constraint(constraint);
  for (const auto& column : table->columns) {
    for (const auto& constraint : column.constraints) judge_constraint(constraint);
  }
}

}  // namespace

const Rule new_table_locks_referenced{
    .id = "new-table-locks-referenced",
    .category = Category::locking,
    .level = Level::off,
    .summary = "a new table references one that others write to",
    .check_statement = check,
    .strict = Level::warning,
};

}  // namespace migrate::rules
