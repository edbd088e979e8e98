#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* drop = site.action<sql::Drop>();
  if (!drop || drop->object != sql::ObjectKind::table) return;
  for (const auto& name : drop->names) {
    if (!site.may_hold_rows(name)) continue;
    auto finding = site.finding(name.range.empty() ? whole(site) : name.range,
                                fmt::format("all rows of `{}` are lost", to_text(name)));
    finding.diagnostic = std::move(finding.diagnostic)
                             .note(site.why_rows(name))
                             .note("a downgrade can make the table again, but not its rows")
                             .help(
                                 "make sure that no program uses it any more and that there is a backup; then say so: "
                                 "-- migrate:allow drop-table (reason)");
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule drop_table{
    .id = "drop-table",
    .category = Category::data_loss,
    .level = Level::error,
    .summary = "DROP TABLE throws rows away",
    .check_statement = check,
};

}  // namespace migrate::rules
