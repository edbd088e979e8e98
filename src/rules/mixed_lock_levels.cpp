#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* alter = site.action<sql::AlterTable>();
  if (!alter || alter->object != sql::ObjectKind::table || alter->commands.size() < 2 ||
      !site.may_hold_rows(alter->name))
    return;
  const sql::AlterCommand* slow = nullptr;
  for (const auto& command : alter->commands) {
    if (command.kind == sql::AlterKind::validate_constraint) slow = &command;
  }
  if (!slow || !exclusively_locked(site, site.index)) return;
  auto finding = finding_about(site, alter->name, slow->range,
                               "VALIDATE CONSTRAINT lets reads and writes go on, but the other parts don't",
                               "looks at every row under the strongest lock of the statement");
  finding.diagnostic = std::move(finding.diagnostic).help("give it a statement, and a revision, of its own");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule mixed_lock_levels{
    .id = "mixed-lock-levels",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "one ALTER TABLE joins a slow part with one that blocks everybody",
    .check_statement = check,
};

}  // namespace migrate::rules
