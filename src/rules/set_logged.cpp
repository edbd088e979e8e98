#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    const bool logged = command.kind == sql::AlterKind::set_logged;
    if ((!logged && command.kind != sql::AlterKind::set_unlogged) || !site.may_hold_rows(alter.name)) return;
    auto finding = finding_about(
        site, alter.name, command.range,
        fmt::format("`SET {}` writes `{}` and its indexes anew", logged ? "LOGGED" : "UNLOGGED", to_text(alter.name)),
        "takes ACCESS EXCLUSIVE lock meanwhile");
    if (!logged) {
      finding.diagnostic =
          std::move(finding.diagnostic).note("after a crash an unlogged table is empty, and standbys never have it");
    }
    findings.push_back(std::move(finding));
  });
}

}  // namespace

const Rule set_logged{
    .id = "set-logged",
    .category = Category::rewrite,
    .level = Level::error,
    .summary = "SET LOGGED or SET UNLOGGED rewrites the table",
    .check_statement = check,
};

}  // namespace migrate::rules
