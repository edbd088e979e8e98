#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

bool scans(const sql::AlterCommand& command) {
  using Kind = sql::AlterKind;
  if (command.kind == Kind::set_not_null || command.kind == Kind::set_type) return true;
  return command.kind == Kind::add_constraint && command.constraint && !command.constraint->not_valid &&
         command.constraint->kind == sql::ConstraintKind::check;
}

bool any_scans(const sql::AlterTable& alter) {
  bool any = false;
  for (const auto& command : alter.commands) any = any || scans(command);
  return any;
}

void check(const Site& site, Findings& findings) {
  const auto* alter = site.action<sql::AlterTable>();
  if (!alter || alter->object != sql::ObjectKind::table || !any_scans(*alter) || !site.may_hold_rows(alter->name)) return;
  for (std::size_t i = 0; i < site.index && site.in_transaction(); ++i) {
    const auto* earlier = site.action<sql::AlterTable>(i);
    if (!earlier || !any_scans(*earlier) || !(site.schema.resolve(earlier->name) == site.schema.resolve(alter->name))) continue;
    auto finding = finding_about(site, alter->name, whole(site),
                                 fmt::format("`{}` is looked at once more", to_text(alter->name)));
    finding.diagnostic = std::move(finding.diagnostic)
                             .also(site.revision.source, site.revision.statements[i].statement.range, "and here")
                             .help("put both into one ALTER TABLE: it goes through the rows once for all its parts");
    findings.push_back(std::move(finding));
    return;
  }
}

}  // namespace

const Rule scans_in_several_statements{
    .id = "scans-in-several-statements",
    .category = Category::locking,
    .level = Level::note,
    .summary = "several ALTER TABLE of one table each look at every row",
    .check_statement = check,
};

}  // namespace migrate::rules
