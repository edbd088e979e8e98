#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* truncate = site.action<sql::Truncate>();
  if (!truncate || !truncate->cascade) return;
  std::vector<std::string> others;
  bool any = false;
  for (const auto& table : truncate->tables) {
    any = any || site.is_visible(table);
    for (const auto& key : site.schema.inbound_keys(table)) others.push_back(to_text(key.table));
  }
  if (!any) return;
  auto finding = site.finding(
      whole(site), others.empty() ? "CASCADE empties every table that points here, and those that point there"
                                  : fmt::format("CASCADE empties {} too", fmt::join(others, ", ")));
  finding.diagnostic = std::move(finding.diagnostic).help("name the tables: TRUNCATE a, b");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule truncate_cascade{
    .id = "truncate-cascade",
    .category = Category::data_loss,
    .level = Level::error,
    .summary = "TRUNCATE ... CASCADE empties tables that nobody named",
    .check_statement = check,
};

}  // namespace migrate::rules
