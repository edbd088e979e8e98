#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

std::vector<RevisionDraft> rewrite(const AddedConstraint& added) {
  const auto& constraint = added.constraint;
  if (added.with_column || constraint.columns.empty()) return {};
  const std::string table = to_text(added.table);
  NameParts parts;
  parts.table = added.table.name;
  parts.columns = constraint.columns;
  const std::string name = constraint.name.empty() ? generated_name(NameKind::unique, parts) : constraint.name;
  std::string index_of = added.table.schema.empty() ? "" : name_in_sql(added.table.schema) + ".";
  const std::string include = constraint.include.empty() ? "" : fmt::format(" INCLUDE ({})", join(constraint.include));
  return {
      {.message = fmt::format("build the index of {}", name),
       .transaction_none = true,
       .upgrade_sql = fmt::format("CREATE UNIQUE INDEX CONCURRENTLY {} ON {} ({}){};", name_in_sql(name), table,
                                  join(constraint.columns), include),
       .downgrade_sql = fmt::format("DROP INDEX CONCURRENTLY {}{};", index_of, name_in_sql(name))},
      {.message = fmt::format("make {} a constraint", name),
       .upgrade_sql = fmt::format("ALTER TABLE {} ADD CONSTRAINT {} UNIQUE USING INDEX {}{}{};", table,
                                  name_in_sql(name), name_in_sql(name), constraint.deferrable ? " DEFERRABLE" : "",
                                  constraint.initially_deferred ? " INITIALLY DEFERRED" : ""),
       .downgrade_sql = fmt::format("ALTER TABLE {} DROP CONSTRAINT {};\nCREATE UNIQUE INDEX {} ON {} ({}){};", table,
                                    name_in_sql(name), name_in_sql(name), table, join(constraint.columns), include)},
  };
}

void check(const Site& site, Findings& findings) {
  for (const auto& added : added_constraints(site, sql::ConstraintKind::unique)) {
    if (!added.constraint.using_index.empty() || !site.may_hold_rows(added.table)) continue;
    auto finding = finding_about(
        site, added.table, added.constraint.range,
        fmt::format("the unique constraint's index is built while nobody can read or write `{}`", to_text(added.table)),
        "takes ACCESS EXCLUSIVE lock until the index is built");
    finding.diagnostic = std::move(finding.diagnostic)
                             .help(
                                 "build the index with CREATE UNIQUE INDEX CONCURRENTLY, then add the constraint with "
                                 "USING INDEX, which takes no time");
    finding.rewrite = rewrite(added);
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule blocking_unique_constraint{
    .id = "blocking-unique-constraint",
    .category = Category::locking,
    .level = Level::error,
    .summary = "a unique constraint builds its index under a lock that blocks everybody",
    .check_statement = check,
};

}  // namespace migrate::rules
