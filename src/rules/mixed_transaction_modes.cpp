#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  if (site.judged().facts.block_rule != sql::BlockRule::forbidden) return;
  const auto& statements = site.revision.statements;
  std::size_t others = 0;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const bool forbidden = statements[i].facts.block_rule == sql::BlockRule::forbidden;
    // Told once, at the first of them.
    if (forbidden && i < site.index) return;
    if (i != site.index && !needs_no_transaction(statements[i])) ++others;
  }
  if (others == 0) return;
  auto finding = site.finding(
      whole(site), fmt::format("`{}` makes the whole revision run statement by statement", site.judged().facts.tag),
      "cannot run in a transaction block");
  finding.diagnostic = std::move(finding.diagnostic)
                           .note(
                               "a failure in the middle leaves the statements before it in the database: the next run "
                               "goes on where this one stopped, but the revision is half applied until then")
                           .help("give it a revision of its own");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule mixed_transaction_modes{
    .id = "mixed-transaction-modes",
    .category = Category::transaction,
    .level = Level::warning,
    .summary = "a statement that cannot run in a transaction stands together with others",
    .scope = Scope::both,
    .check_statement = check,
    .strict = Level::error,
};

}  // namespace migrate::rules
