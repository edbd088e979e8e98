#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* drop = site.action<sql::Drop>();
  if (!drop || drop->object != sql::ObjectKind::schema || !drop->cascade) return;
  auto finding = site.finding(whole(site), "all tables of the schema, with all their rows, are lost");
  finding.diagnostic = std::move(finding.diagnostic)
                           .help(
                               "without CASCADE only an empty schema is dropped; where all is meant: -- migrate:allow "
                               "drop-schema (reason)");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule drop_schema{
    .id = "drop-schema",
    .category = Category::data_loss,
    .level = Level::error,
    .summary = "DROP SCHEMA throws everything in it away",
    .check_statement = check,
};

}  // namespace migrate::rules
