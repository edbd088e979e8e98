#include <algorithm>

#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::set_not_null, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    const auto* column = column_of(site, alter.name, command.name);
    if (!column || !column->null_fraction || *column->null_fraction <= 0) return;
    // An UPDATE before it in the same revision may have filled them.
    for (std::size_t i = 0; i < site.index; ++i) {
      const auto* change = site.action<sql::ChangeRows>(i);
      if (change && site.schema.resolve(change->table) == site.schema.resolve(alter.name)) return;
    }
    auto finding = site.finding(
        command.range, fmt::format("`{}.{}` holds NULL in about {:.0f} % of the rows: this fails", to_text(alter.name),
                                   command.name, std::max(1.0, *column->null_fraction * 100)));
    finding.diagnostic =
        std::move(finding.diagnostic).help("fill the column first, in batches: UPDATE under `-- migrate:batch`");
    findings.push_back(std::move(finding));
  });
}

}  // namespace

const Rule not_null_over_nulls{
    .id = "not-null-over-nulls",
    .category = Category::compatibility,
    .level = Level::error,
    .summary = "SET NOT NULL on a column that holds NULL fails",
    .check_statement = check,
    .needs_database = true,
};

}  // namespace migrate::rules
