#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* alter = site.action<sql::AlterDomain>();
  if (!alter) return;
  const bool adds =
      alter->kind == sql::AlterDomain::Kind::add_constraint && alter->constraint && !alter->constraint->not_valid;
  if (!adds && alter->kind != sql::AlterDomain::Kind::set_not_null) return;
  const auto* type = site.schema.find_type(alter->name);
  if (type && type->origin == catalog::Origin::this_revision) return;
  if (type && site.schema.complete && type->used_by.empty()) return;
  bool any = !type || type->used_by.empty();
  if (type) {
    for (const auto& table : type->used_by) any = any || site.may_hold_rows(table);
  }
  if (!any) return;
  auto finding = site.finding(whole(site),
                              fmt::format("every table with a column of `{}` is looked at, and cannot be written "
                                          "to meanwhile",
                                          to_text(alter->name)),
                              "takes SHARE lock on each of them");
  if (adds) {
    finding.diagnostic =
        std::move(finding.diagnostic).help("add it with NOT VALID, and validate it in a revision of its own");
  }
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule domain_constraint{
    .id = "domain-constraint",
    .category = Category::locking,
    .level = Level::error,
    .summary = "a constraint is added to a domain and checked in every table that uses it",
    .check_statement = check,
};

}  // namespace migrate::rules
