#include <algorithm>

#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

std::vector<sql::QualifiedName> referenced(const Site& site, std::size_t statement) {
  std::vector<sql::QualifiedName> tables;
  const auto take = [&](const sql::Constraint& constraint) {
    if (constraint.kind == sql::ConstraintKind::foreign_key) tables.push_back(constraint.references);
  };
  if (const auto* alter = site.action<sql::AlterTable>(statement)) {
    for (const auto& command : alter->commands) {
      if (command.constraint) take(*command.constraint);
      if (!command.column) continue;
      for (const auto& constraint : command.column->constraints) take(constraint);
    }
  }
  return tables;
}

void check(const Site& site, Findings& findings) {
  if (!site.in_transaction()) return;
  std::vector<sql::QualifiedName> before;
  for (std::size_t i = 0; i < site.index; ++i) {
    for (auto& table : referenced(site, i)) before.push_back(std::move(table));
  }
  const std::size_t earlier = before.size();
  for (auto& table : referenced(site, site.index)) before.push_back(std::move(table));
  std::vector<std::string> seen;
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!site.may_hold_rows(before[i])) continue;
    const std::string name = to_text(site.schema.resolve(before[i]));
    if (std::find(seen.begin(), seen.end(), name) != seen.end()) continue;
    seen.push_back(name);
    // Told at the statement that makes it two.
    if (seen.size() != 2 || i < earlier) continue;
    auto finding = site.finding(
        whole(site), fmt::format("foreign keys to `{}` and `{}` are added in one transaction", seen[0], seen[1]));
    finding.diagnostic = std::move(finding.diagnostic)
                             .note(
                                 "the locks on both are held until the commit, and taken in an order that others may "
                                 "not keep: a deadlock")
                             .help("one foreign key a revision");
    findings.push_back(std::move(finding));
    return;
  }
}

}  // namespace

const Rule several_foreign_keys{
    .id = "several-foreign-keys",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "one transaction adds foreign keys to several tables that others write to",
    .check_statement = check,
};

}  // namespace migrate::rules
