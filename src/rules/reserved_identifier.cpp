#include <fmt/format.h>

#include "rules/naming/new_names.hpp"
#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  for (const auto& name : new_names(site)) {
    // Of names in snake case only the reserved words need quotes.
    if (!is_snake_case(name.name) || quoted(name.name) == name.name) continue;
    auto finding = site.finding(name.range.empty() ? name.definition : name.range,
                                fmt::format("`{}` is a reserved word", name.name), "needs quotes wherever it is used");
    const std::string plural = plural_of(name.name);
    const bool plural_is_free = name.kind == NameKind::table && quoted(plural) == plural;
    finding.diagnostic = std::move(finding.diagnostic)
                             .help(plural_is_free ? fmt::format("call it `{}`", plural) : "find a name that is no word of SQL");
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule reserved_identifier{
    .id = "reserved-identifier",
    .category = Category::naming,
    .level = Level::warning,
    .summary = "a name that is a reserved word, and needs quotes wherever it is used",
    .check_statement = check,
};

}  // namespace migrate::rules
