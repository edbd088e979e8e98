#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* type = site.action<sql::CreateEnum>();
  if (!type) return;
  findings.push_back(site.finding(type->name.range.empty() ? whole(site) : type->name.range,
                                  fmt::format("values of enum `{}` can be added, never removed", to_text(type->name))));
  findings.back().diagnostic =
      std::move(findings.back().diagnostic).help("use text with a CHECK, or a table with a foreign key");
}

}  // namespace

const Rule enum_type{
    .id = "enum-type",
    .category = Category::design,
    .level = Level::off,
    .summary = "an enum type is made, whose values cannot be removed",
    .check_statement = check,
};

}  // namespace migrate::rules
