#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* table = site.action<sql::CreateTable>();
  if (!table || !table->partition_of || !site.may_hold_rows(*table->partition_of)) return;
  const std::string parent = to_text(*table->partition_of);
  auto finding = finding_about(site, *table->partition_of, words(site, 2),
                               fmt::format("making a partition in place blocks reads and writes of `{}`", parent),
                               "takes ACCESS EXCLUSIVE lock on the partitioned table");
  finding.diagnostic =
      std::move(finding.diagnostic)
          .help(fmt::format("CREATE TABLE {} (LIKE {} INCLUDING ALL), then ALTER TABLE {} ATTACH PARTITION, "
                            "which lets reads and writes go on",
                            to_text(table->name), parent, parent));
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule partition_of_locks_parent{
    .id = "partition-of-locks-parent",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "CREATE TABLE ... PARTITION OF locks the whole partitioned table",
    .check_statement = check,
};

}  // namespace migrate::rules
