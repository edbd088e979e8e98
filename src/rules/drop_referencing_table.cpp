#include <fmt/format.h>

#include "rules/new_columns.hpp"
#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

// Nobody waits for a table that is gone when they may go on.
bool goes_too(const Site& site, const sql::QualifiedName& table) {
  for (std::size_t i = site.index; i < site.revision.statements.size() && site.in_transaction(); ++i) {
    const auto* drop = site.action<sql::Drop>(i);
    if (!drop || drop->object != sql::ObjectKind::table) continue;
    for (const auto& name : drop->names) {
      if (is_same(site, name, table)) return true;
    }
  }
  return false;
}

void check(const Site& site, Findings& findings) {
  const auto* drop = site.action<sql::Drop>();
  if (!drop || drop->object != sql::ObjectKind::table) return;
  for (const auto& name : drop->names) {
    const auto* table = site.relation(name);
    if (!table || !site.is_visible(name)) continue;
    for (const auto& constraint : table->constraints) {
      if (constraint.kind != sql::ConstraintKind::foreign_key || constraint.references == table->name ||
          !site.may_hold_rows(constraint.references) || goes_too(site, constraint.references)) {
        continue;
      }
      auto finding = finding_about(
          site, constraint.references, name.range.empty() ? whole(site) : name.range,
          fmt::format("dropping `{}` blocks reads and writes of `{}`", to_text(name), to_text(constraint.references)),
          "takes ACCESS EXCLUSIVE lock on the referenced table too");
      finding.diagnostic =
          std::move(finding.diagnostic).help("drop the foreign keys first, one a revision; then the table");
      findings.push_back(std::move(finding));
      break;
    }
  }
}

}  // namespace

const Rule drop_referencing_table{
    .id = "drop-referencing-table",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "DROP TABLE of a table with foreign keys locks the tables that it points to",
    .check_statement = check,
};

}  // namespace migrate::rules
