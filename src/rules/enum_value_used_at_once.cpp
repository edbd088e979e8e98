#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  std::vector<sql::Statement> statements;
  std::vector<sql::StatementFacts> facts;
  for (const auto& judged : site.revision.statements) {
    statements.push_back(judged.statement);
    facts.push_back(judged.facts);
  }
  const auto use = sql::first_use_of_new_enum_value(site.revision.source, statements, facts);
  if (!use) return;
  auto finding = site.finding(statements[*use].range, "a value of an enum is used in the revision that adds it");
  finding.diagnostic =
      std::move(finding.diagnostic)
          .note(
              "PostgreSQL refuses that in one transaction (55P04), so the whole revision runs statement "
              "by statement: a failure in the middle leaves it half applied")
          .help("add the value in a revision of its own");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule enum_value_used_at_once{
    .id = "enum-value-used-at-once",
    .category = Category::transaction,
    .level = Level::warning,
    .summary = "a new value of an enum is used by the revision that adds it",
    .check_revision = check,
};

}  // namespace migrate::rules
