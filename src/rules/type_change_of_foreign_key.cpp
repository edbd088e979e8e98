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
    if (!table || !site.may_hold_rows(alter.name)) return;
    const TypeChange change = change_of(site, alter, command);
    if (change != TypeChange::rewrite && change != TypeChange::unknown) return;
    std::string other;
    for (const auto& constraint : table->constraints) {
      const bool uses =
          std::find(constraint.columns.begin(), constraint.columns.end(), command.name) != constraint.columns.end();
      if (constraint.kind == sql::ConstraintKind::foreign_key && uses) other = to_text(constraint.references);
    }
    for (const auto& key : site.schema.inbound_keys(table->name)) {
      const auto& columns = key.referenced_columns;
      if (std::find(columns.begin(), columns.end(), command.name) != columns.end()) other = to_text(key.table);
    }
    if (other.empty()) return;
    auto finding =
        finding_about(site, alter.name, command.range,
                      fmt::format("`{}` is part of a foreign key: the change locks `{}` too, and checks every row",
                                  command.name, other),
                      "takes ACCESS EXCLUSIVE lock on both tables");
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help(
                "change both columns the long way: new columns beside the old ones, filled in batches, a new "
                "foreign key with NOT VALID, then swap");
    findings.push_back(std::move(finding));
  });
}

}  // namespace

const Rule type_change_of_foreign_key{
    .id = "type-change-of-foreign-key",
    .category = Category::locking,
    .level = Level::error,
    .summary = "a change of type on a foreign key, or on the column that it points to",
    .check_statement = check,
};

}  // namespace migrate::rules
