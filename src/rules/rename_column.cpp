#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* rename = site.action<sql::Rename>();
  if (!rename || rename->object != sql::ObjectKind::column || rename->relation_kind != sql::ObjectKind::table) return;
  if (!site.is_visible(rename->relation)) return;
  auto finding = site.finding(whole(site), fmt::format("programs that use `{}.{}` fail from the commit on",
                                                       to_text(rename->relation), rename->old_name));
  finding.diagnostic =
      std::move(finding.diagnostic)
          .help(fmt::format("add `{}`, keep both alike with a trigger, fill the old rows in batches, release "
                            "programs that use it, drop `{}` later",
                            rename->new_name, rename->old_name));
  soften_if_empty(site, finding, rename->relation);
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule rename_column{
    .id = "rename-column",
    .category = Category::compatibility,
    .level = Level::error,
    .summary = "a column is renamed under the programs that use it",
    .check_statement = check,
};

}  // namespace migrate::rules
