#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  for (const auto& added : added_constraints(site, sql::ConstraintKind::primary_key)) {
    const auto& constraint = added.constraint;
    if (!constraint.using_index.empty() || !site.may_hold_rows(added.table)) continue;
    const std::string table = to_text(added.table);
    auto finding =
        finding_about(site, added.table, constraint.range,
                      fmt::format("the primary key's index is built while nobody can read or write `{}`", table),
                      "takes ACCESS EXCLUSIVE lock until the index is built");
    finding.diagnostic = std::move(finding.diagnostic)
                             .help(
                                 "make the columns NOT NULL by a validated CHECK, build the index with CREATE UNIQUE "
                                 "INDEX CONCURRENTLY, "
                                 "then ADD PRIMARY KEY USING INDEX");
    if (!added.with_column && !constraint.columns.empty()) {
      const std::string name = constraint.name.empty() ? added.table.name + "_pkey" : constraint.name;
      finding.rewrite = {
          {.message = fmt::format("build the index of {}", name),
           .transaction_none = true,
           .upgrade_sql = fmt::format("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({});", name_in_sql(name), table,
                                      join(constraint.columns)),
           .downgrade_sql =
               fmt::format("DROP INDEX CONCURRENTLY {}{};",
                           added.table.schema.empty() ? "" : name_in_sql(added.table.schema) + ".", name_in_sql(name))},
          {.message = fmt::format("make {} the primary key", name),
           .upgrade_sql = fmt::format("ALTER TABLE {} ADD CONSTRAINT {} PRIMARY KEY USING INDEX {};", table,
                                      name_in_sql(name), name_in_sql(name)),
           .downgrade_sql = fmt::format("ALTER TABLE {} DROP CONSTRAINT {};\nCREATE UNIQUE INDEX {} ON {} ({});", table,
                                        name_in_sql(name), name_in_sql(name), table, join(constraint.columns))},
      };
    }
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule blocking_primary_key{
    .id = "blocking-primary-key",
    .category = Category::locking,
    .level = Level::error,
    .summary = "a primary key builds its index under a lock that blocks everybody",
    .check_statement = check,
};

}  // namespace migrate::rules
