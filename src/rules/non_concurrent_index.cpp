#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* index = site.action<sql::CreateIndex>();
  if (!index || index->concurrently || index->only || !site.may_hold_rows(index->table)) return;
  const auto* table = site.relation(index->table);
  // A partitioned table has a rule of its own: CONCURRENTLY is refused there.
  if (table && table->partitioned) return;

  const std::string name = to_text(index->table);
  const ByteRange words = sql::first_words(site.model(), index->unique ? 3 : 2);
  auto finding = site.finding(words, fmt::format("`CREATE INDEX` blocks writes to `{}` until the index is built", name),
                              fmt::format("takes SHARE lock on `{}`", name));
  finding.diagnostic = std::move(finding.diagnostic).note(site.why_rows(index->table));
  if (may_leave_transaction(site)) {
    finding.fix = {{site.revision.source, {words.end, words.end}, " CONCURRENTLY"}};
    finding.fix_message = "build it concurrently";
  } else {
    finding.diagnostic = std::move(finding.diagnostic).help(in_revision_of_its_own("build it"));
  }
  site.soften_if_small(finding, index->table);
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule non_concurrent_index{
    .id = "non-concurrent-index",
    .category = Category::locking,
    .level = Level::error,
    .summary = "CREATE INDEX without CONCURRENTLY on a table that others write to",
    .check_statement = check,
};

}  // namespace migrate::rules
