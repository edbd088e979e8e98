#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* added = site.action<sql::AddEnumValue>();
  if (!added || added->placed) return;
  findings.push_back(site.finding(whole(site), fmt::format("'{}' becomes the greatest value of `{}`, by chance",
                                                           added->value, to_text(added->type))));
  findings.back().diagnostic =
      std::move(findings.back().diagnostic).help("say where it stands: BEFORE '...' or AFTER '...'");
}

}  // namespace

const Rule unplaced_enum_value{
    .id = "unplaced-enum-value",
    .category = Category::design,
    .level = Level::off,
    .summary = "a value is added to an enum without BEFORE or AFTER",
    .check_statement = check,
    .strict = Level::warning,
};

}  // namespace migrate::rules
