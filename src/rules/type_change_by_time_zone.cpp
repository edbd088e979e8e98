#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"
#include "rules/type_change.hpp"

namespace migrate::rules {
namespace {

bool zone_is_set(const Site& site) {
  for (std::size_t i = 0; i < site.index; ++i) {
    const auto* variable = site.action<sql::SetVariable>(i);
    if (variable && (variable->name == "timezone" || variable->name == "time zone")) return true;
  }
  return false;
}

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::set_type, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    if (!site.may_hold_rows(alter.name) || change_of(site, alter, command) != TypeChange::by_time_zone) return;
    if (zone_is_set(site)) return;
    auto finding =
        finding_about(site, alter.name, command.range,
                      fmt::format("what `{}` means afterwards depends on the session's time zone", command.name),
                      "free where it is UTC, else the table is rewritten");
    if (!site.schema.time_zone.empty()) {
      finding.diagnostic =
          std::move(finding.diagnostic).note(fmt::format("the session's time zone is {}", site.schema.time_zone));
    }
    finding.diagnostic = std::move(finding.diagnostic)
                             .help("if the values are in UTC, say it: SET LOCAL timezone = 'UTC' before the statement");
    findings.push_back(std::move(finding));
  });
}

}  // namespace

const Rule type_change_by_time_zone{
    .id = "type-change-by-time-zone",
    .category = Category::rewrite,
    .level = Level::warning,
    .summary = "timestamp to timestamptz depends on the time zone of the session",
    .check_statement = check,
};

}  // namespace migrate::rules
