#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* refresh = site.action<sql::RefreshView>();
  if (!refresh || refresh->concurrently || !refresh->with_data) return;
  const auto* view = site.relation(refresh->name);
  if (!site.is_visible(refresh->name) || (view && !view->populated)) return;
  const ByteRange keywords = words(site, 3);
  auto finding =
      site.finding(keywords, fmt::format("nobody can read `{}` until it is refreshed", to_text(refresh->name)),
                   "takes ACCESS EXCLUSIVE lock");
  bool possible = false;
  if (view) {
    for (const auto& index : view->indexes) {
      possible = possible || (index.unique && !index.partial && !index.has_expression && index.valid);
    }
  }
  if (possible) {
    finding.fix = {{site.revision.source, {keywords.end, keywords.end}, " CONCURRENTLY"}};
    finding.fix_message = "refresh it concurrently";
  } else {
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help("give it a unique index over plain columns: then REFRESH ... CONCURRENTLY can be used");
  }
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule non_concurrent_refresh{
    .id = "non-concurrent-refresh",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "REFRESH MATERIALIZED VIEW without CONCURRENTLY blocks its readers",
    .check_statement = check,
};

}  // namespace migrate::rules
