#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  if (site.revision.transaction_none_written || site.revision.transactional) return;
  if (site.judged().facts.block_rule != sql::BlockRule::forbidden) return;
  for (std::size_t i = 0; i < site.index; ++i) {
    if (site.revision.statements[i].facts.block_rule == sql::BlockRule::forbidden) return;
  }
  auto finding = site.finding(whole(site), "this revision runs without a transaction, but its header does not say so",
                              "cannot run in a transaction block");
  const auto line = site.revision.source->line_column({site.revision.file->header.id.range.begin}).line;
  const std::size_t begin = site.revision.source->line_range(line).begin;
  finding.fix = {{site.revision.source, {begin, begin}, "-- Transaction: none\n"}};
  finding.fix_message = "say it in the header";
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule unwritten_transaction_none{
    .id = "unwritten-transaction-none",
    .category = Category::transaction,
    .level = Level::note,
    .summary = "a revision runs without a transaction, and its header does not say so",
    .scope = Scope::both,
    .check_statement = check,
    .strict = Level::error,
};

}  // namespace migrate::rules
