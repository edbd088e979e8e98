#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(
      site, sql::AlterKind::disable_trigger, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
        if (!command.all_triggers || !site.is_visible(alter.name)) return;
        auto finding = site.finding(
            command.range, fmt::format("the triggers of `{}` are switched off, for every session", to_text(alter.name)),
            "ALL takes foreign keys along");
        finding.diagnostic = std::move(finding.diagnostic)
                                 .help(
                                     "disable the one trigger by its name; or set session_replication_role for this "
                                     "transaction alone");
        findings.push_back(std::move(finding));
      });
}

}  // namespace

const Rule disabled_triggers{
    .id = "disabled-triggers",
    .category = Category::design,
    .level = Level::error,
    .summary = "DISABLE TRIGGER ALL or USER switches the guards of a table off",
    .check_statement = check,
};

}  // namespace migrate::rules
