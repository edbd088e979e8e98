#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"
#include "rules/type_change.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::set_type, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    if (!site.may_hold_rows(alter.name)) return;
    const TypeChange change = change_of(site, alter, command);
    if (change != TypeChange::rewrite && change != TypeChange::unknown) return;
    const auto* column = column_of(site, alter.name, command.name);
    auto finding =
        finding_about(site, alter.name, command.range,
                      change == TypeChange::rewrite
                          ? fmt::format("the new type of `{}` rewrites `{}`", command.name, to_text(alter.name))
                          : fmt::format("the new type of `{}` may rewrite `{}`", command.name, to_text(alter.name)),
                      "takes ACCESS EXCLUSIVE lock while table and indexes are written anew");
    if (column) {
      finding.diagnostic = std::move(finding.diagnostic)
                               .note(fmt::format("from {} to {}", to_text(column->type), to_text(*command.type)));
    }
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help(
                "add a column of the new type, keep both alike with a trigger, fill the old rows in batches, "
                "then swap their names");
    findings.push_back(std::move(finding));
  });
}

}  // namespace

const Rule column_type_rewrite{
    .id = "column-type-rewrite",
    .category = Category::rewrite,
    .level = Level::error,
    .summary = "a change of type rewrites the table",
    .check_statement = check,
};

}  // namespace migrate::rules
