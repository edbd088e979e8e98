#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto judge_table = [&](const sql::QualifiedName& table, const char* command) {
    if (!site.may_hold_rows(table)) return;
    auto finding =
        finding_about(site, table, words(site, 1),
                      fmt::format("`{}` writes `{}` anew while nobody can read or write it", command, to_text(table)),
                      "takes ACCESS EXCLUSIVE lock meanwhile");
    finding.diagnostic = std::move(finding.diagnostic).help("use a tool that does it online (pg_repack, pg_squeeze)");
    findings.push_back(std::move(finding));
  };
  if (const auto* vacuum = site.action<sql::Vacuum>(); vacuum && vacuum->full) {
    for (const auto& table : vacuum->tables) judge_table(table, "VACUUM FULL");
    if (vacuum->tables.empty()) {
      findings.push_back(site.finding(whole(site), "`VACUUM FULL` writes every table of the database anew",
                                      "takes ACCESS EXCLUSIVE lock on one after the other"));
    }
  }
  if (const auto* cluster = site.action<sql::Cluster>(); cluster && cluster->table)
    judge_table(*cluster->table, "CLUSTER");
}

}  // namespace

const Rule vacuum_full{
    .id = "vacuum-full",
    .category = Category::rewrite,
    .level = Level::error,
    .summary = "VACUUM FULL or CLUSTER writes a table anew while nobody can use it",
    .check_statement = check,
};

}  // namespace migrate::rules
