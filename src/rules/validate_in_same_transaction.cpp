#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(
      site, sql::AlterKind::validate_constraint, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
        if (!site.in_transaction() || !site.may_hold_rows(alter.name)) return;
        for (std::size_t i = 0; i <= site.index; ++i) {
          const auto* earlier = site.action<sql::AlterTable>(i);
          if (!earlier || !(site.schema.resolve(earlier->name) == site.schema.resolve(alter.name))) continue;
          for (const auto& added : earlier->commands) {
            if (!added.constraint || !added.constraint->not_valid || added.constraint->name != command.name) continue;
            auto finding = finding_about(site, alter.name, command.range,
                                         fmt::format("`{}` is validated in the transaction that adds it", command.name),
                                         "checks all rows while the lock of ADD CONSTRAINT is still held");
            finding.diagnostic =
                std::move(finding.diagnostic)
                    .help("validate it in a revision of its own: the lock of ADD CONSTRAINT is let go at the commit");
            findings.push_back(std::move(finding));
            return;
          }
        }
      });
}

}  // namespace

const Rule validate_in_same_transaction{
    .id = "validate-in-same-transaction",
    .category = Category::transaction,
    .level = Level::error,
    .summary = "a constraint is validated in the transaction that added it",
    .check_statement = check,
};

}  // namespace migrate::rules
