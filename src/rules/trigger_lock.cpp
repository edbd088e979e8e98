#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto tell = [&](const sql::QualifiedName& table, ByteRange range, const char* lock) {
    if (!site.may_hold_rows(table)) return;
    findings.push_back(finding_about(site, table, range,
                                     fmt::format("writers of `{}` wait until the commit", to_text(table)),
                                     fmt::format("takes {} lock", lock)));
  };
  if (const auto* trigger = site.action<sql::CreateTrigger>())
    tell(trigger->table, words(site, 2), "SHARE ROW EXCLUSIVE");
  each_command(site, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    const bool switches =
        command.kind == sql::AlterKind::enable_trigger || command.kind == sql::AlterKind::disable_trigger;
    if (switches && !command.all_triggers) tell(alter.name, command.range, "SHARE ROW EXCLUSIVE");
  });
}

}  // namespace

const Rule trigger_lock{
    .id = "trigger-lock",
    .category = Category::locking,
    .level = Level::note,
    .summary = "a trigger is made on a table that others write to",
    .check_statement = check,
};

}  // namespace migrate::rules
