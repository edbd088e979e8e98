#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* variable = site.action<sql::SetVariable>();
  if (!variable || variable->local || variable->reset || !site.in_transaction()) return;
  if (variable->name == "role" || variable->name == "session_authorization" || variable->keyword_range.empty()) return;
  auto finding = site.finding(whole(site),
                              fmt::format("`SET {}` is meant for the session, not for this revision", variable->name));
  finding.diagnostic = std::move(finding.diagnostic).note("migrate resets the session after each revision");
  finding.fix = {{site.revision.source, variable->keyword_range, "SET LOCAL"}};
  finding.fix_message = "say what is meant";
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule leaking_session_setting{
    .id = "leaking-session-setting",
    .category = Category::transaction,
    .level = Level::note,
    .summary = "SET without LOCAL in a revision that is a transaction",
    .check_statement = check,
    .strict = Level::warning,
};

}  // namespace migrate::rules
