#include <algorithm>

#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"
#include "rules/type_change.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::set_type, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    const auto* table = site.relation(alter.name);
    if (!table || !site.may_hold_rows(alter.name) || change_of(site, alter, command) != TypeChange::free) return;
    for (const auto& constraint : table->constraints) {
      if (constraint.kind != sql::ConstraintKind::check) continue;
      if (std::find(constraint.columns.begin(), constraint.columns.end(), command.name) == constraint.columns.end())
        continue;
      auto finding =
          finding_about(site, alter.name, command.range,
                        fmt::format("the new type makes PostgreSQL check `{}` on every row", constraint.name),
                        "scans the table under ACCESS EXCLUSIVE");
      finding.diagnostic =
          std::move(finding.diagnostic)
              .help("drop the constraint, change the type, add it again with NOT VALID, validate it later");
      findings.push_back(std::move(finding));
      return;
    }
  });
}

}  // namespace

const Rule type_change_rechecks_constraint{
    .id = "type-change-rechecks-constraint",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "a change of type that is free in itself checks a constraint on every row",
    .check_statement = check,
};

}  // namespace migrate::rules
