#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* index = site.action<sql::CreateIndex>();
  if (!index || !index->concurrently) return;
  const auto* table = site.relation(index->table);
  if (!table || !table->partitioned) return;
  auto finding = site.finding(
      words(site, index->unique ? 4 : 3),
      fmt::format("`{}` is partitioned: PostgreSQL refuses to build its index concurrently", to_text(index->table)));
  finding.diagnostic = std::move(finding.diagnostic)
                           .help(
                               "make it with CREATE INDEX ... ON ONLY the parent, then CREATE INDEX CONCURRENTLY on "
                               "each partition, then "
                               "ALTER INDEX ... ATTACH PARTITION for each");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule concurrent_index_on_partitioned{
    .id = "concurrent-index-on-partitioned",
    .category = Category::locking,
    .level = Level::error,
    .summary = "CREATE INDEX CONCURRENTLY on a partitioned table, which PostgreSQL refuses",
    .check_statement = check,
};

}  // namespace migrate::rules
