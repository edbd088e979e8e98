#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

std::vector<RevisionDraft> rewrite(const sql::AlterTable& alter, const std::string& column) {
  const std::string table = to_text(alter.name);
  const std::string proof = fmt::format("ck_{}_{}_not_null", alter.name.name, column);
  const RevisionDraft validate{
      .message = fmt::format("validate that {}.{} has no NULL", alter.name.name, column),
      .upgrade_sql = fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {};", table, name_in_sql(proof)),
      .downgrade_sql = "SELECT 1; -- a valid constraint stays valid"};
  return {
      {.message = fmt::format("forbid NULL in {}.{} for new rows", alter.name.name, column),
       .upgrade_sql = fmt::format("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID;", table,
                                  name_in_sql(proof), name_in_sql(column)),
       .downgrade_sql = fmt::format("ALTER TABLE {} DROP CONSTRAINT {};", table, name_in_sql(proof))},
      validate,
      {.message = fmt::format("make {}.{} NOT NULL", alter.name.name, column),
       .upgrade_sql = fmt::format("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL;\nALTER TABLE {} DROP CONSTRAINT {};",
                                  table, name_in_sql(column), table, name_in_sql(proof)),
       .downgrade_sql = fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL;\n"
                                    "ALTER TABLE {} ADD CONSTRAINT {} CHECK ({} IS NOT NULL) NOT VALID;",
                                    table, name_in_sql(column), table, name_in_sql(proof), name_in_sql(column))},
  };
}

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::set_not_null, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    if (!site.may_hold_rows(alter.name)) return;
    const auto* table = site.relation(alter.name);
    if (table && table->proven_not_null(command.name)) return;
    auto finding = finding_about(
        site, alter.name, command.range,
        fmt::format("`SET NOT NULL` blocks reads and writes of `{}` while every row is looked at", to_text(alter.name)),
        "takes ACCESS EXCLUSIVE lock, and scans the table");
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help(fmt::format(
                "first add CHECK ({} IS NOT NULL) NOT VALID, and validate it in a revision of its own: with "
                "that proof SET NOT NULL looks at no row",
                name_in_sql(command.name)));
    finding.rewrite = rewrite(alter, command.name);
    findings.push_back(std::move(finding));
  });
}

}  // namespace

const Rule unproven_set_not_null{
    .id = "unproven-set-not-null",
    .category = Category::locking,
    .level = Level::error,
    .summary = "SET NOT NULL looks at every row under a lock that blocks everybody",
    .check_statement = check,
};

}  // namespace migrate::rules
