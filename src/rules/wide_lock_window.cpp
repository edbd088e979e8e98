#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto locked = exclusively_locked(site, site.index);
  if (!locked || !site.in_transaction() || !site.may_hold_rows(*locked)) return;
  const auto here = site.schema.resolve(*locked);
  std::vector<sql::QualifiedName> others;
  std::size_t where = 0;
  for (std::size_t i = 0; i < site.index; ++i) {
    const auto earlier = exclusively_locked(site, i);
    if (!earlier || !site.may_hold_rows(*earlier)) continue;
    const auto name = site.schema.resolve(*earlier);
    if (name == here) return;
    bool known = false;
    for (const auto& other : others) known = known || other == name;
    if (known) continue;
    where = i;
    others.push_back(name);
  }
  // Told once, at the second table.
  if (others.size() != 1) return;
  auto finding = site.finding(whole(site), fmt::format("`{}` is locked while the lock on `{}` is held",
                                                       to_text(*locked), to_text(others.front())));
  finding.diagnostic =
      std::move(finding.diagnostic)
          .also(site.revision.source, site.revision.statements[where].statement.range, "locked here")
          .note(
              "while the second lock is waited for nobody can use the first table; and whoever takes the "
              "two in the other order meets this revision in a deadlock")
          .help("one table a revision");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule wide_lock_window{
    .id = "wide-lock-window",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "one transaction takes ACCESS EXCLUSIVE locks on several tables that others use",
    .check_statement = check,
};

}  // namespace migrate::rules
