#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  for (const auto& added : added_constraints(site, sql::ConstraintKind::generated)) {
    if (!added.constraint.stored || !site.may_hold_rows(added.table)) continue;
    auto finding = finding_about(
        site, added.table, added.constraint.range,
        fmt::format("the stored column is computed for every row: this rewrites `{}`", to_text(added.table)),
        "takes ACCESS EXCLUSIVE lock while table and indexes are written anew");
    finding.diagnostic = std::move(finding.diagnostic)
                             .help(site.server_version() >= 180000
                                       ? "make it VIRTUAL, which writes nothing"
                                       : "use a plain column, a trigger for new rows, and fill the old ones in "
                                         "batches; or compute it in a view");
    findings.push_back(std::move(finding));
  }
  each_command(
      site, sql::AlterKind::set_expression, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
        if (!site.may_hold_rows(alter.name)) return;
        auto finding =
            finding_about(site, alter.name, command.range,
                          fmt::format("the new expression of `{}` is computed for every row: this rewrites `{}`",
                                      command.name, to_text(alter.name)),
                          "takes ACCESS EXCLUSIVE lock while table and indexes are written anew");
        if (site.server_version() >= 180000) {
          finding.diagnostic = std::move(finding.diagnostic).note("a VIRTUAL column is not rewritten: allow it there");
        }
        finding.diagnostic =
            std::move(finding.diagnostic)
                .help(
                    "add a plain column, keep it filled with a trigger, fill the old rows in batches, then "
                    "swap their names");
        findings.push_back(std::move(finding));
      });
}

}  // namespace

const Rule stored_generated_column{
    .id = "stored-generated-column",
    .category = Category::rewrite,
    .level = Level::error,
    .summary = "a stored generated column is added, or gets another expression, which rewrites the table",
    .check_statement = check,
};

}  // namespace migrate::rules
