#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* drop = site.action<sql::Drop>();
  if (!drop || drop->object != sql::ObjectKind::index || drop->concurrently) return;
  for (const auto& name : drop->names) {
    const auto [table, index] = site.schema.find_index(name);
    const bool known = table && index;
    if (known && (table->partitioned || index->of_constraint || !site.may_hold_rows(table->name))) continue;
    if (!known && site.schema.complete) continue;
    const std::string of = known ? fmt::format("`{}`", to_text(table->name)) : "its table";
    auto finding = site.finding(words(site, 2), fmt::format("`DROP INDEX` blocks reads and writes of {}", of),
                                fmt::format("takes ACCESS EXCLUSIVE lock on {}", of));
    if (known) {
      finding.diagnostic = std::move(finding.diagnostic).note(site.why_rows(table->name));
      site.soften_if_small(finding, table->name);
    }
    finding.diagnostic = std::move(finding.diagnostic)
                             .note("it waits for every transaction that uses the table, and all others wait behind it");
    const bool alone = drop->names.size() == 1 && !drop->cascade;
    if (alone && !may_leave_transaction(site)) {
      finding.diagnostic = std::move(finding.diagnostic).help(in_revision_of_its_own("drop it"));
    } else if (alone) {
      const ByteRange at = words(site, 2);
      finding.fix = {{site.revision.source, {at.end, at.end}, " CONCURRENTLY"}};
      finding.fix_message = "drop it concurrently";
    } else {
      finding.diagnostic = std::move(finding.diagnostic)
                               .help("drop them one by one: DROP INDEX CONCURRENTLY takes one index and no CASCADE");
    }
    findings.push_back(std::move(finding));
    return;
  }
}

}  // namespace

const Rule non_concurrent_drop_index{
    .id = "non-concurrent-drop-index",
    .category = Category::locking,
    .level = Level::error,
    .summary = "DROP INDEX without CONCURRENTLY on a table that others use",
    .check_statement = check,
};

}  // namespace migrate::rules
