#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  for (const auto& added : added_constraints(site, sql::ConstraintKind::foreign_key)) {
    const auto& constraint = added.constraint;
    if (added.with_column || constraint.not_valid || !site.may_hold_rows(added.table)) continue;
    const auto* table = site.relation(added.table);
    // NOT VALID is refused there before 18.
    if (table && table->partitioned && site.server_version() < 180000) continue;
    const bool to_itself = constraint.references == added.table;
    const std::string others = to_itself ? "" : fmt::format(" and `{}`", to_text(constraint.references));
    auto finding =
        finding_about(site, added.table, constraint.range,
                      fmt::format("checking the new foreign key blocks writes to `{}`{}", to_text(added.table), others),
                      fmt::format("takes SHARE ROW EXCLUSIVE lock on {} while all rows are checked",
                                  to_itself ? "the table" : "both tables"));
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help("add it with NOT VALID, and validate it in a revision of its own, which blocks nobody");
    const std::string label =
        constraint.name.empty()
            ? generated_name(NameKind::foreign_key, {.table = added.table.name, .columns = constraint.columns})
            : constraint.name;
    finding.rewrite = add_then_validate(site, added, label);
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule foreign_key_without_not_valid{
    .id = "foreign-key-without-not-valid",
    .category = Category::locking,
    .level = Level::error,
    .summary = "a foreign key is added and checked in one go",
    .check_statement = check,
};

}  // namespace migrate::rules
