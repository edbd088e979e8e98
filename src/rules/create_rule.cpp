#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  if (!site.action<sql::CreateRule>()) return;
  auto finding = site.finding(words(site, 2), "a rule rewrites queries, and evaluates their parts more than once");
  finding.diagnostic = std::move(finding.diagnostic).help("use a trigger, or a view that can be written to");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule create_rule{
    .id = "create-rule",
    .category = Category::design,
    .level = Level::warning,
    .summary = "CREATE RULE rewrites queries behind the back of who wrote them",
    .check_statement = check,
};

}  // namespace migrate::rules
