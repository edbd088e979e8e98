#include <algorithm>

#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"
#include "rules/type_change.hpp"

namespace migrate::rules {
namespace {

bool scans(const sql::AlterCommand& command) {
  using Kind = sql::AlterKind;
  if (command.kind == Kind::set_not_null || command.kind == Kind::set_type) return true;
  return command.kind == Kind::add_constraint && command.constraint && !command.constraint->not_valid &&
         command.constraint->kind == sql::ConstraintKind::check;
}

bool any_scans(const sql::AlterTable& alter) {
  return std::any_of(alter.commands.begin(), alter.commands.end(), scans);
}

// Of the statement at hand, whose columns are known: what the catalog alone settles looks at no row.
bool looks_at_rows(const Site& site, const sql::AlterTable& alter, const sql::AlterCommand& command) {
  if (!scans(command)) return false;
  if (command.kind == sql::AlterKind::set_not_null) {
    const auto* table = site.relation(alter.name);
    return !table || !table->proven_not_null(command.name);
  }
  if (command.kind != sql::AlterKind::set_type) return true;
  const TypeChange change = change_of(site, alter, command);
  if (change == TypeChange::by_time_zone) return !zone_is_utc(site);
  return change != TypeChange::none && change != TypeChange::free;
}

bool any_looks(const Site& site, const sql::AlterTable& alter) {
  return std::any_of(alter.commands.begin(), alter.commands.end(),
                     [&](const sql::AlterCommand& command) { return looks_at_rows(site, alter, command); });
}

void check(const Site& site, Findings& findings) {
  const auto* alter = site.action<sql::AlterTable>();
  if (!alter || alter->object != sql::ObjectKind::table || !any_looks(site, *alter) || !site.may_hold_rows(alter->name))
    return;
  for (std::size_t i = 0; i < site.index && site.in_transaction(); ++i) {
    const auto* earlier = site.action<sql::AlterTable>(i);
    if (!earlier || !any_scans(*earlier) || !(site.schema.resolve(earlier->name) == site.schema.resolve(alter->name)))
      continue;
    auto finding =
        finding_about(site, alter->name, whole(site), fmt::format("`{}` is looked at once more", to_text(alter->name)));
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
