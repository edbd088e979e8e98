#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(
      site, sql::AlterKind::detach_partition, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
        if (command.concurrently || !site.may_hold_rows(alter.name)) return;
        const auto* parent = site.relation(alter.name);
        // PostgreSQL has no concurrent way where there is a default partition.
        const bool possible = !parent || !parent->default_partition;
        auto finding =
            finding_about(site, alter.name, command.range,
                          fmt::format("`DETACH PARTITION` blocks reads and writes of `{}`", to_text(alter.name)),
                          "takes ACCESS EXCLUSIVE lock on the partitioned table");
        if (possible && !may_leave_transaction(site)) {
          finding.diagnostic = std::move(finding.diagnostic).help(in_revision_of_its_own("detach it CONCURRENTLY"));
        } else if (possible) {
          finding.fix = {{site.revision.source, {command.range.end, command.range.end}, " CONCURRENTLY"}};
          finding.fix_message = "detach it concurrently";
        } else {
          finding.at_most = Level::warning;
          finding.diagnostic =
              std::move(finding.diagnostic)
                  .note("CONCURRENTLY is refused where there is a default partition: keep lock_timeout short");
        }
        findings.push_back(std::move(finding));
      });
}

}  // namespace

const Rule non_concurrent_detach{
    .id = "non-concurrent-detach",
    .category = Category::locking,
    .level = Level::error,
    .summary = "DETACH PARTITION without CONCURRENTLY locks the whole partitioned table",
    .check_statement = check,
};

}  // namespace migrate::rules
