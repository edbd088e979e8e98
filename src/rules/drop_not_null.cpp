#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(
      site, sql::AlterKind::drop_not_null, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
        if (!site.may_hold_rows(alter.name)) return;
        const auto* column = column_of(site, alter.name, command.name);
        if (column && (!column->not_null || column->origin == catalog::Origin::this_revision)) return;
        auto finding = site.finding(
            command.range, fmt::format("`{}.{}` may hold NULL from now on", to_text(alter.name), command.name));
        finding.diagnostic =
            std::move(finding.diagnostic)
                .note("programs that read it now may fail on NULL, and a downgrade fails once there is one")
                .help("release readers that know NULL first");
        findings.push_back(std::move(finding));
      });
}

}  // namespace

const Rule drop_not_null{
    .id = "drop-not-null",
    .category = Category::compatibility,
    .level = Level::warning,
    .summary = "a column becomes nullable, and readers may not expect NULL",
    .check_statement = check,
};

}  // namespace migrate::rules
