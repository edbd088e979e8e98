#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

bool validates(const JudgedRevision& revision, const catalog::Schema& schema, const sql::QualifiedName& table,
               const std::string& constraint) {
  for (const auto& judged : revision.statements) {
    const auto* alter = std::get_if<sql::AlterTable>(&judged.model.action);
    if (!alter || !(schema.resolve(alter->name) == schema.resolve(table))) continue;
    for (const auto& command : alter->commands) {
      const bool ends =
          command.kind == sql::AlterKind::validate_constraint || command.kind == sql::AlterKind::drop_constraint;
      if (ends && command.name == constraint) return true;
    }
  }
  return false;
}

void check(const Site& site, Findings& findings) {
  each_command(
      site, sql::AlterKind::add_constraint, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
        const auto& constraint = command.constraint;
        if (!constraint || !constraint->not_valid || constraint->name.empty()) return;
        if (validates(site.revision, site.schema, alter.name, constraint->name)) return;
        for (const auto& candidate : site.later) {
          if (candidate.upgrade && validates(*candidate.upgrade, site.schema, alter.name, constraint->name)) return;
        }
        auto finding = site.finding(
            constraint->range, fmt::format("nobody validates `{}`: old rows may break it for ever", constraint->name));
        finding.diagnostic = std::move(finding.diagnostic)
                                 .help(fmt::format("in a revision of its own: ALTER TABLE {} VALIDATE CONSTRAINT {};",
                                                   to_text(alter.name), name_in_sql(constraint->name)));
        findings.push_back(std::move(finding));
      });
}

}  // namespace

const Rule constraint_left_unvalidated{
    .id = "constraint-left-unvalidated",
    .category = Category::design,
    .level = Level::warning,
    .summary = "a constraint is added with NOT VALID, and no later revision validates it",
    .check_statement = check,
};

}  // namespace migrate::rules
