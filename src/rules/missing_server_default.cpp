#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::add_column, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    if (!command.column || !site.may_hold_rows(alter.name)) return;
    const sql::Column& column = *command.column;
    using Kind = sql::ConstraintKind;
    const bool required = column.find(Kind::not_null) || column.find(Kind::primary_key);
    const auto* given = column.find(Kind::default_value);
    const bool filled = (given && given->expression && !given->expression->null) || column.find(Kind::identity) ||
                        column.find(Kind::generated) || column.type.serial;
    if (!required || filled) return;
    // A domain may have a default of its own.
    const auto* type = site.schema.find_type(column.type);
    if (type && type->is_domain) return;
    auto finding = site.finding(column.range,
                                fmt::format("`{}` is NOT NULL without a default: adding it to `{}` fails where "
                                            "there are rows",
                                            column.name, to_text(alter.name)),
                                "the rows that are there have no value for it");
    finding.diagnostic =
        std::move(finding.diagnostic)
            .note(site.why_rows(alter.name))
            .help(
                "give it a server default: ADD COLUMN ... NOT NULL DEFAULT ..., which rewrites nothing if "
                "the default is a constant")
            .help("or add it nullable, fill it in batches (`-- migrate:batch`), then make it NOT NULL");
    findings.push_back(std::move(finding));
  });
}

}  // namespace

const Rule missing_server_default{
    .id = "missing-server-default",
    .category = Category::compatibility,
    .level = Level::error,
    .summary = "a NOT NULL column without a default is added to a table that holds rows",
    .check_statement = check,
};

}  // namespace migrate::rules
