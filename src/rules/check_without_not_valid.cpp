#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  for (const auto& added : added_constraints(site, sql::ConstraintKind::check)) {
    const auto& constraint = added.constraint;
    if (added.with_column || constraint.not_valid || !site.may_hold_rows(added.table)) continue;
    const std::string name = to_text(added.table);
    auto finding = finding_about(site, added.table, constraint.range,
                                 fmt::format("checking the new constraint blocks reads and writes of `{}`", name),
                                 "takes ACCESS EXCLUSIVE lock while all rows are checked");
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help("add it with NOT VALID, and validate it in a revision of its own, which blocks nobody");
    std::string label = constraint.name;
    if (label.empty()) {
      NameParts parts;
      parts.table = added.table.name;
      if (constraint.expression && constraint.expression->columns.size() == 1)
        parts.columns = constraint.expression->columns;
      label = generated_name(NameKind::check, parts);
    }
    finding.rewrite = add_then_validate(site, added, label);
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule check_without_not_valid{
    .id = "check-without-not-valid",
    .category = Category::locking,
    .level = Level::error,
    .summary = "a CHECK is added and checked in one go",
    .check_statement = check,
};

}  // namespace migrate::rules
