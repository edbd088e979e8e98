#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    const bool space = command.kind == sql::AlterKind::set_tablespace;
    if ((!space && command.kind != sql::AlterKind::set_access_method) || !site.may_hold_rows(alter.name)) return;
    findings.push_back(finding_about(site, alter.name, command.range,
                                     fmt::format("all of `{}` is copied to {} `{}`", to_text(alter.name),
                                                 space ? "tablespace" : "access method", command.name),
                                     "takes ACCESS EXCLUSIVE lock meanwhile"));
  });
}

}  // namespace

const Rule table_move{
    .id = "table-move",
    .category = Category::rewrite,
    .level = Level::error,
    .summary = "SET TABLESPACE or SET ACCESS METHOD writes the table anew",
    .check_statement = check,
};

}  // namespace migrate::rules
