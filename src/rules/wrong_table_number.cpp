#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "rules/naming/new_names.hpp"
#include "rules/rule_list.hpp"

namespace migrate::rules {
namespace {

// "configs_of_users", "tasks_by_day": the plural need not be at the end.
bool has_plural(std::string_view name) {
  for (const auto word : split(name, '_')) {
    if (!word.empty() && singular_of(word) != word) return true;
  }
  return false;
}

void check(const Site& site, Findings& findings) {
  const Naming& naming = site.options.naming;
  const bool plural = naming.plural_tables == "plural";
  if (!plural && naming.plural_tables != "singular") return;
  for (const auto& name : new_names(site, {NameKind::table})) {
    if (name.kind != NameKind::table || naming.is_exception(name.kind, name.name) || !is_snake_case(name.name))
      continue;
    const std::string better = plural ? plural_of(name.name) : singular_of(name.name);
    if (better == name.name || (plural && has_plural(name.name))) continue;
    auto finding = site.finding(name.range.empty() ? name.definition : name.range,
                                fmt::format("table `{}` is not called in the {}", name.name, naming.plural_tables));
    finding.diagnostic = std::move(finding.diagnostic).help(fmt::format("call it `{}`", better));
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule wrong_table_number{
    .id = "wrong-table-number",
    .category = Category::naming,
    .level = Level::off,
    .summary = "a table called in the singular where the convention is the plural, or the other way round",
    .check_statement = check,
    .strict = Level::warning,
};

}  // namespace migrate::rules
