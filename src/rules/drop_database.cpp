#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  if (site.judged().facts.tag != "DROP DATABASE") return;
  auto finding = site.finding(whole(site), "a whole database is dropped");
  finding.diagnostic = std::move(finding.diagnostic).help("do it by hand: it is no part of this database's schema");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule drop_database{
    .id = "drop-database",
    .category = Category::data_loss,
    .level = Level::error,
    .summary = "DROP DATABASE in a revision",
    .check_statement = check,
};

}  // namespace migrate::rules
