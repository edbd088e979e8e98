#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

std::string trouble_of(const catalog::Index& index) {
  if (!index.unique) return "it is not unique";
  if (!index.valid) return "it is invalid: its build has failed";
  if (index.partial) return "it is partial";
  if (index.has_expression) return "it has an expression";
  if (index.descending) return "it has an order of its own (DESC or NULLS)";
  if (index.of_constraint) return "it belongs to a constraint already";
  return {};
}

void check(const Site& site, Findings& findings) {
  for (const auto kind : {sql::ConstraintKind::unique, sql::ConstraintKind::primary_key}) {
    for (const auto& added : added_constraints(site, kind)) {
      const auto& name = added.constraint.using_index;
      const auto* table = site.relation(added.table);
      if (name.empty() || !table) continue;
      const auto* index = table->index(name);
      const std::string trouble = index ? trouble_of(*index) : site.schema.complete ? "it does not exist" : "";
      if (trouble.empty()) continue;
      auto finding =
          site.finding(added.constraint.range, fmt::format("index `{}` cannot become a constraint: {}", name, trouble));
      finding.diagnostic =
          std::move(finding.diagnostic)
              .help("build a plain, unique, valid index of the columns with CREATE UNIQUE INDEX CONCURRENTLY");
      findings.push_back(std::move(finding));
    }
  }
}

}  // namespace

const Rule unusable_index_for_constraint{
    .id = "unusable-index-for-constraint",
    .category = Category::locking,
    .level = Level::error,
    .summary = "USING INDEX names an index that cannot be a constraint",
    .check_statement = check,
};

}  // namespace migrate::rules
