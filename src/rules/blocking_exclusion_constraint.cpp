#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  for (const auto& added : added_constraints(site, sql::ConstraintKind::exclusion)) {
    if (!site.may_hold_rows(added.table)) continue;
    auto finding = finding_about(
        site, added.table, added.constraint.range,
        fmt::format("the exclusion constraint blocks reads and writes of `{}` until it is built", to_text(added.table)),
        "takes ACCESS EXCLUSIVE lock, and there is no concurrent way");
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help("do it while nobody works; or make a new table with the constraint, and move the rows in batches");
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule blocking_exclusion_constraint{
    .id = "blocking-exclusion-constraint",
    .category = Category::locking,
    .level = Level::error,
    .summary = "an exclusion constraint builds its index under a lock that blocks everybody",
    .check_statement = check,
};

}  // namespace migrate::rules
