#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"
#include "rules/type_change.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::set_type, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    const auto* column = column_of(site, alter.name, command.name);
    if (!column || !command.type || !site.may_hold_rows(alter.name) || !narrows(column->type, *command.type)) return;
    auto finding = site.finding(command.range, fmt::format("values of `{}.{}` may not fit into {}", to_text(alter.name),
                                                           command.name, to_text(*command.type)));
    finding.diagnostic =
        std::move(finding.diagnostic)
            .note(fmt::format("it is {} now: a value that is too long or too large makes the statement fail, "
                              "and digits behind the point are rounded away",
                              to_text(column->type)))
            .help(
                "look first for values that would not fit; where there are none: "
                "-- migrate:allow narrowing-type (reason)");
    findings.push_back(std::move(finding));
  });
}

}  // namespace

const Rule narrowing_type{
    .id = "narrowing-type",
    .category = Category::data_loss,
    .level = Level::error,
    .summary = "a change of type to one that values may not fit",
    .check_statement = check,
};

}  // namespace migrate::rules
