#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  each_command(site, sql::AlterKind::set_not_null, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    const auto* table = site.relation(alter.name);
    if (!table) return;
    for (const auto& constraint : table->constraints) {
      const bool only_that = constraint.kind == sql::ConstraintKind::check && constraint.valid &&
                             constraint.proves_not_null == std::vector<std::string>{command.name} &&
                             constraint.columns.size() <= 1 && constraint.name.find("not_null") != std::string::npos;
      if (!only_that) continue;
      for (std::size_t i = site.index; i < site.revision.statements.size(); ++i) {
        const auto* later = site.action<sql::AlterTable>(i);
        if (!later) continue;
        for (const auto& one : later->commands) {
          if (one.kind == sql::AlterKind::drop_constraint && one.name == constraint.name) return;
        }
      }
      auto finding = site.finding(command.range, fmt::format("`{}` says nothing any more once `{}` is NOT NULL",
                                                             constraint.name, command.name));
      finding.diagnostic = std::move(finding.diagnostic)
                               .help(fmt::format("ALTER TABLE {} DROP CONSTRAINT {};", to_text(alter.name),
                                                 name_in_sql(constraint.name)));
      findings.push_back(std::move(finding));
      return;
    }
  });
}

}  // namespace

const Rule leftover_not_null_check{
    .id = "leftover-not-null-check",
    .category = Category::design,
    .level = Level::note,
    .summary = "a CHECK that only says NOT NULL stays behind on a column that is NOT NULL",
    .check_statement = check,
};

}  // namespace migrate::rules
