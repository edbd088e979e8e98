#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::drop_column, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    if (!site.is_visible(alter.name)) return;
    const auto* table = site.relation(alter.name);
    const auto* column = table ? table->column(command.name) : nullptr;
    if (column && column->origin == catalog::Origin::this_revision) return;
    if (command.if_exists && table && table->columns_known && !column) return;
    auto finding =
        site.finding(command.range, fmt::format("the data of `{}.{}` is lost", to_text(alter.name), command.name));
    finding.diagnostic =
        std::move(finding.diagnostic)
            .note(site.why_rows(alter.name))
            .note("programs that run now and name the column fail from the commit on")
            .help("stop using it, release, then drop it and say so: -- migrate:allow drop-column (reason)");
    if (column && column->null_fraction && *column->null_fraction >= 1) {
      finding.at_most = Level::warning;
      finding.diagnostic = std::move(finding.diagnostic).note("by the statistics it holds NULL alone: a warning only");
    }
    soften_if_empty(site, finding, alter.name);
    findings.push_back(std::move(finding));
  });
}

}  // namespace

const Rule drop_column{
    .id = "drop-column",
    .category = Category::data_loss,
    .level = Level::error,
    .summary = "DROP COLUMN throws data away, and breaks the programs that still read it",
    .check_statement = check,
};

}  // namespace migrate::rules
