#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  for (const auto& added : added_constraints(site, sql::ConstraintKind::check)) {
    if (!added.with_column || !site.may_hold_rows(added.table)) continue;
    auto finding =
        finding_about(site, added.table, added.constraint.range,
                      fmt::format("checking the new column blocks reads and writes of `{}`", to_text(added.table)),
                      "looks at every row under ACCESS EXCLUSIVE, though all have the same value");
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help("add the column, then the CHECK with NOT VALID, then validate it in another revision");
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule column_with_check{
    .id = "column-with-check",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "a column is added together with a CHECK",
    .check_statement = check,
};

}  // namespace migrate::rules
