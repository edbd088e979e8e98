#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

bool changes_schema(const JudgedStatement& judged) {
  return std::holds_alternative<sql::AlterTable>(judged.model.action) ||
         std::holds_alternative<sql::CreateIndex>(judged.model.action);
}

void check(const Site& site, Findings& findings) {
  const auto* change = site.action<sql::ChangeRows>();
  if (!change || change->kind == sql::ChangeRows::Kind::insert || !site.in_transaction()) return;
  const auto* table = site.relation(change->table);
  if (!table || !table->row_estimate || !site.may_hold_rows(change->table)) return;
  if (*table->row_estimate < static_cast<double>(site.options.large_change_rows)) return;
  bool any = false;
  for (std::size_t i = 0; i < site.revision.statements.size(); ++i) {
    const auto locked = i < site.index ? exclusively_locked(site, i) : std::nullopt;
    any = any || (i < site.index && changes_schema(site.revision.statements[i]) && locked);
  }
  if (!any) return;
  auto finding = finding_about(
      site, change->table, whole(site),
      fmt::format("rows of `{}` are changed while the lock of an ALTER TABLE is held", to_text(change->table)));
  finding.diagnostic =
      std::move(finding.diagnostic).help("change the rows in batches: `-- migrate:batch rows=5000` above it");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule large_change_with_ddl{
    .id = "large-change-with-ddl",
    .category = Category::locking,
    .level = Level::error,
    .summary = "many rows are changed in a transaction that also changes the schema",
    .check_statement = check,
    .needs_database = true,
};

}  // namespace migrate::rules
