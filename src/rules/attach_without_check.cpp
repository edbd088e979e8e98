#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(
      site, sql::AlterKind::attach_partition, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
        if (command.default_partition || !site.may_hold_rows(command.other)) return;
        const auto* child = site.relation(command.other);
        if (child) {
          for (const auto& constraint : child->constraints) {
            // A valid CHECK may prove what the bounds ask for; whether it does, only the server knows.
            if (constraint.kind == sql::ConstraintKind::check && constraint.valid) return;
          }
        }
        auto finding = finding_about(site, command.other, command.range,
                                     fmt::format("every row of `{}` is looked at before it becomes a partition of `{}`",
                                                 to_text(command.other), to_text(alter.name)),
                                     "takes ACCESS EXCLUSIVE lock on the partition meanwhile");
        finding.diagnostic = std::move(finding.diagnostic)
                                 .help(
                                     "first add a CHECK with NOT VALID that says what the bounds say, and validate it: "
                                     "then no row is looked at");
        findings.push_back(std::move(finding));
      });
}

}  // namespace

const Rule attach_without_check{
    .id = "attach-without-check",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "ATTACH PARTITION looks at every row of the partition",
    .check_statement = check,
};

}  // namespace migrate::rules
