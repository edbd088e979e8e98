#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* reindex = site.action<sql::Reindex>();
  if (!reindex || reindex->concurrently || reindex->kind == sql::Reindex::Kind::system) return;
  sql::QualifiedName table = reindex->name;
  if (reindex->kind == sql::Reindex::Kind::index) {
    const auto [owner, index] = site.schema.find_index(reindex->name);
    if (owner) table = owner->name;
  }
  const bool one = reindex->kind == sql::Reindex::Kind::index || reindex->kind == sql::Reindex::Kind::table;
  if (one && !site.may_hold_rows(table)) return;
  const ByteRange keywords = words(site, 2);
  auto finding = site.finding(keywords, "`REINDEX` blocks writes to the table until the index is built",
                              "takes SHARE lock on the table, ACCESS EXCLUSIVE on the index");
  if (one && site.relation(table)) {
    finding.diagnostic = std::move(finding.diagnostic).note(site.why_rows(table));
    site.soften_if_small(finding, table);
  }
  if (may_leave_transaction(site)) {
    finding.fix = {{site.revision.source, {keywords.end, keywords.end}, " CONCURRENTLY"}};
    finding.fix_message = "build it again concurrently";
  } else {
    finding.diagnostic = std::move(finding.diagnostic).help(in_revision_of_its_own("build it again"));
  }
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule non_concurrent_reindex{
    .id = "non-concurrent-reindex",
    .category = Category::locking,
    .level = Level::error,
    .summary = "REINDEX without CONCURRENTLY on a table that others write to",
    .check_statement = check,
};

}  // namespace migrate::rules
