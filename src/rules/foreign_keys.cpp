// What a foreign key leaves unsaid.
#include <fmt/format.h>

#include "rules/new_columns.hpp"
#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check_on_delete(const Site& site, Findings& findings) {
  for (const auto& key : new_constraints(site, sql::ConstraintKind::foreign_key)) {
    if (key.constraint->on_delete_written) continue;
    auto finding =
        site.finding(key.constraint->range, fmt::format("nobody says what a DELETE in `{}` does to the rows of `{}`",
                                                        to_text(key.constraint->references), to_text(*key.table)));
    finding.diagnostic =
        std::move(finding.diagnostic).help("say it: ON DELETE RESTRICT, CASCADE, SET NULL or NO ACTION");
    findings.push_back(std::move(finding));
  }
}

bool is_required(const Site& site, const NewConstraint& key, const std::string& column) {
  if (const auto* made = column_made_with(site, key, column)) {
    if (made->find(sql::ConstraintKind::not_null) || made->find(sql::ConstraintKind::primary_key)) return true;
    const auto primary = key.create ? primary_key_of(*key.create) : std::vector<std::string>();
    return std::find(primary.begin(), primary.end(), column) != primary.end();
  }
  const auto* known = column_of(site, *key.table, column);
  return !known || known->not_null;
}

void check_nullable(const Site& site, Findings& findings) {
  for (const auto& key : new_constraints(site, sql::ConstraintKind::foreign_key)) {
    for (const auto& column : key.constraint->columns) {
      if (is_required(site, key, column)) continue;
      auto finding = site.finding(key.constraint->range, fmt::format("`{}` may be NULL, and point nowhere", column));
      finding.diagnostic = std::move(finding.diagnostic).help("make it NOT NULL, or a table of its own");
      findings.push_back(std::move(finding));
    }
  }
}

}  // namespace

const Rule missing_on_delete{
    .id = "missing-on-delete",
    .category = Category::design,
    .level = Level::off,
    .summary = "a foreign key without ON DELETE",
    .check_statement = check_on_delete,
    .strict = Level::warning,
};

const Rule nullable_foreign_key{
    .id = "nullable-foreign-key",
    .category = Category::design,
    .level = Level::off,
    .summary = "a foreign key over a column that may be NULL",
    .check_statement = check_nullable,
};

}  // namespace migrate::rules
