#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* index = site.action<sql::CreateIndex>();
  if (!index || !index->concurrently || !index->if_not_exists) return;
  auto finding =
      site.finding(whole(site), fmt::format("`IF NOT EXISTS` is content with an invalid index `{}`", index->name),
                   "says nothing of the index being valid");
  finding.diagnostic = std::move(finding.diagnostic)
                           .note(
                               "psql and other tools would keep the invalid index of an earlier failure; migrate looks "
                               "whether it is valid, so the words are not needed here")
                           .help("leave IF NOT EXISTS out");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule if_not_exists_hides_invalid_index{
    .id = "if-not-exists-hides-invalid-index",
    .category = Category::locking,
    .level = Level::warning,
    .summary = "CREATE INDEX CONCURRENTLY IF NOT EXISTS keeps an invalid index of that name",
    .check_statement = check,
};

}  // namespace migrate::rules
