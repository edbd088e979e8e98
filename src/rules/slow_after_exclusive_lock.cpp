#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

std::optional<sql::QualifiedName> slow_on(const Site& site) {
  if (const auto* change = site.action<sql::ChangeRows>()) {
    if (change->kind != sql::ChangeRows::Kind::insert) return change->table;
    if (change->from_query && !change->reads.empty()) return change->reads.front();
  }
  if (const auto* index = site.action<sql::CreateIndex>(); index && !index->concurrently) return index->table;
  if (const auto* select = site.action<sql::Select>(); select && !select->reads.empty()) return select->reads.front();
  return std::nullopt;
}

void check(const Site& site, Findings& findings) {
  const auto slow = slow_on(site);
  if (!slow || !site.may_hold_rows(*slow) || site.is_small(*slow)) return;
  for (std::size_t i = 0; i < site.index && site.in_transaction(); ++i) {
    const auto locked = exclusively_locked(site, i);
    if (!locked || !site.may_hold_rows(*locked)) continue;
    auto finding = finding_about(site, *locked, whole(site),
                                 fmt::format("nobody can read or write `{}` while this runs", to_text(*locked)));
    finding.diagnostic = std::move(finding.diagnostic)
                             .also(site.revision.source, site.revision.statements[i].statement.range,
                                   "takes ACCESS EXCLUSIVE lock until the commit")
                             .help("put it into a revision of its own");
    findings.push_back(std::move(finding));
    return;
  }
}

}  // namespace

const Rule slow_after_exclusive_lock{
    .id = "slow-after-exclusive-lock",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "something slow runs while an ACCESS EXCLUSIVE lock is held",
    .check_statement = check,
};

}  // namespace migrate::rules
