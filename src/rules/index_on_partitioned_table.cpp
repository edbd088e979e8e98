#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* index = site.action<sql::CreateIndex>();
  if (!index || index->concurrently || index->only || !site.may_hold_rows(index->table)) return;
  const auto* table = site.relation(index->table);
  if (!table || !table->partitioned) return;
  auto finding = finding_about(site, index->table, words(site, index->unique ? 3 : 2),
                               fmt::format("`CREATE INDEX` blocks writes to every partition of `{}`",
                                           to_text(index->table)),
                               "takes SHARE lock on all partitions until all are done");
  finding.diagnostic =
      std::move(finding.diagnostic)
          .help("make it with CREATE INDEX ... ON ONLY the parent, then CREATE INDEX CONCURRENTLY on each partition, then "
                "ALTER INDEX ... ATTACH PARTITION for each");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule index_on_partitioned_table{
    .id = "index-on-partitioned-table",
    .category = Category::locking,
    .level = Level::error,
    .summary = "CREATE INDEX on a partitioned table, which locks every partition",
    .check_statement = check,
};

}  // namespace migrate::rules
