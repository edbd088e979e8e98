#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* truncate = site.action<sql::Truncate>();
  if (!truncate) return;
  for (const auto& table : truncate->tables) {
    if (!site.may_hold_rows(table)) continue;
    auto finding =
        site.finding(table.range.empty() ? whole(site) : table.range,
                     fmt::format("all rows of `{}` are lost", to_text(table)), "takes ACCESS EXCLUSIVE lock");
    finding.diagnostic = std::move(finding.diagnostic)
                             .note(site.why_rows(table))
                             .note("transactions that began before see an empty table: it is not safe for MVCC")
                             .help("where that is meant: -- migrate:allow truncate (reason)");
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule truncate{
    .id = "truncate",
    .category = Category::data_loss,
    .level = Level::error,
    .summary = "TRUNCATE throws rows away",
    .check_statement = check,
};

}  // namespace migrate::rules
