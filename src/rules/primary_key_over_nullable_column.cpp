#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  for (const auto& added : added_constraints(site, sql::ConstraintKind::primary_key)) {
    if (added.constraint.using_index.empty() || !site.may_hold_rows(added.table)) continue;
    const auto* table = site.relation(added.table);
    const auto* index = table ? table->index(added.constraint.using_index) : nullptr;
    if (!index) continue;
    for (const auto& column : index->columns) {
      if (column.empty() || table->proven_not_null(column)) continue;
      auto finding = finding_about(
          site, added.table, added.constraint.range,
          fmt::format("`{}` is nullable: the primary key makes it NOT NULL and looks at every row", column),
          "scans the table under ACCESS EXCLUSIVE");
      finding.diagnostic =
          std::move(finding.diagnostic)
              .help(fmt::format("first add CHECK ({} IS NOT NULL) NOT VALID and validate it: then no row is "
                                "looked at",
                                name_in_sql(column)));
      findings.push_back(std::move(finding));
      break;
    }
  }
}

}  // namespace

const Rule primary_key_over_nullable_column{
    .id = "primary-key-over-nullable-column",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "a primary key over a nullable column looks at every row",
    .check_statement = check,
};

}  // namespace migrate::rules
