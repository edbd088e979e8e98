#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(
      site, sql::AlterKind::drop_constraint, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
        const auto* table = site.relation(alter.name);
        const auto* constraint = table ? table->constraint(command.name) : nullptr;
        if (!site.is_visible(alter.name) || (table && !site.may_hold_rows(alter.name))) return;
        if (constraint && constraint->origin == catalog::Origin::this_revision) return;
        // The proof of a NOT NULL goes when it is no longer needed; a constraint that comes back is only changed.
        if (constraint && constraint->proves_not_null.size() == 1 && constraint->columns.size() <= 1) return;
        for (const auto& statement : site.revision.statements) {
          const auto* other = std::get_if<sql::AlterTable>(&statement.model.action);
          if (!other) continue;
          for (const auto& one : other->commands) {
            if (one.constraint && one.constraint->name == command.name) return;
          }
        }
        auto finding =
            site.finding(command.range, fmt::format("`{}` no longer guards `{}`", command.name, to_text(alter.name)));
        if (constraint && constraint->kind == sql::ConstraintKind::foreign_key) {
          finding.diagnostic =
              std::move(finding.diagnostic)
                  .note(fmt::format("takes ACCESS EXCLUSIVE lock on `{}` too", to_text(constraint->references)));
        }
        if (constraint && constraint->kind == sql::ConstraintKind::unique) {
          finding.diagnostic =
              std::move(finding.diagnostic)
                  .note("its index goes too, and INSERT ... ON CONFLICT that names these columns fails");
        }
        finding.diagnostic =
            std::move(finding.diagnostic).help("where that is meant: -- migrate:allow drop-constraint (reason)");
        findings.push_back(std::move(finding));
      });
}

}  // namespace

const Rule drop_constraint{
    .id = "drop-constraint",
    .category = Category::compatibility,
    .level = Level::warning,
    .summary = "a constraint is dropped that programs may rely on",
    .check_statement = check,
};

}  // namespace migrate::rules
