#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::add_column, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    if (!command.column || !site.may_hold_rows(alter.name)) return;
    const sql::Column& column = *command.column;
    const auto* given = column.find(sql::ConstraintKind::default_value);
    if (!given || !given->expression || !site.is_volatile(*given->expression)) return;
    const std::string table = to_text(alter.name);
    auto finding = finding_about(site, alter.name, given->range,
                                 fmt::format("every row gets a value of its own: this rewrites `{}`", table),
                                 "takes ACCESS EXCLUSIVE lock while table and indexes are written anew");
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help(
                "add the column without the default, set the default for new rows, fill the old ones in "
                "batches (`-- migrate:batch`)");
    const std::string type(site.text(column.type.range));
    const std::string value = given->expression->text;
    finding.rewrite = {
        {.message = fmt::format("add {}.{}", alter.name.name, column.name),
         .upgrade_sql =
             fmt::format("ALTER TABLE {0} ADD COLUMN {1} {2};\nALTER TABLE {0} ALTER COLUMN {1} SET DEFAULT {3};",
                         table, name_in_sql(column.name), type, value),
         .downgrade_sql = fmt::format("ALTER TABLE {} DROP COLUMN {};", table, name_in_sql(column.name))},
        {.message = fmt::format("fill {}.{}", alter.name.name, column.name),
         .upgrade_sql = fmt::format("-- migrate:batch rows=5000\nUPDATE {0} SET {1} = {2} WHERE {1} IS NULL;", table,
                                    name_in_sql(column.name), value),
         .downgrade_sql = "SELECT 1; -- the values go with the column"},
    };
    if (column.find(sql::ConstraintKind::not_null)) {
      finding.rewrite.push_back(
          {.message = fmt::format("make {}.{} NOT NULL", alter.name.name, column.name),
           .upgrade_sql = fmt::format("ALTER TABLE {} ALTER COLUMN {} SET NOT NULL;", table, name_in_sql(column.name)),
           .downgrade_sql =
               fmt::format("ALTER TABLE {} ALTER COLUMN {} DROP NOT NULL;", table, name_in_sql(column.name))});
    }
    findings.push_back(std::move(finding));
  });
}

}  // namespace

const Rule volatile_default{
    .id = "volatile-default",
    .category = Category::rewrite,
    .level = Level::error,
    .summary = "a column with a volatile default is added, which rewrites the table",
    .check_statement = check,
};

}  // namespace migrate::rules
