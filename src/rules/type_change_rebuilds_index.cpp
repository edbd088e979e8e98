#include <algorithm>

#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"
#include "rules/type_change.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::set_type, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    const auto* table = site.relation(alter.name);
    if (!table || command.collation.empty() || !site.may_hold_rows(alter.name)) return;
    const TypeChange change = change_of(site, alter, command);
    if (change != TypeChange::none && change != TypeChange::free) return;
    for (const auto& index : table->indexes) {
      if (std::find(index.columns.begin(), index.columns.end(), command.name) == index.columns.end()) continue;
      auto finding = finding_about(site, alter.name, command.range,
                                   fmt::format("index `{}` is built again while nobody can read or write `{}`",
                                               index.name, to_text(alter.name)));
      finding.diagnostic =
          std::move(finding.diagnostic)
              .help("drop the index concurrently, change the column, build the index again concurrently");
      findings.push_back(std::move(finding));
      return;
    }
  });
}

}  // namespace

const Rule type_change_rebuilds_index{
    .id = "type-change-rebuilds-index",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "a new collation builds the indexes of the column again",
    .check_statement = check,
};

}  // namespace migrate::rules
