#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"
#include "rules/type_change.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::set_type, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    const auto* column = column_of(site, alter.name, command.name);
    if (!column || column->views.empty()) return;
    auto finding = site.finding(command.range, fmt::format("view `{}` uses `{}`: PostgreSQL refuses to change its type",
                                                           column->views.front(), command.name));
    finding.diagnostic =
        std::move(finding.diagnostic).help("in the same revision drop the view, change the type, make the view again");
    findings.push_back(std::move(finding));
  });
}

}  // namespace

const Rule type_change_under_view{
    .id = "type-change-under-view",
    .category = Category::compatibility,
    .level = Level::error,
    .summary = "a change of type on a column that a view uses fails",
    .check_statement = check,
    .needs_database = true,
};

}  // namespace migrate::rules
