#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* rename = site.action<sql::Rename>();
  if (!rename || rename->object != sql::ObjectKind::table || !site.is_visible(rename->relation)) return;
  // A view under the old name, in the same transaction, keeps the old programs going.
  for (std::size_t i = site.index + 1; i < site.revision.statements.size() && site.in_transaction(); ++i) {
    const auto* view = site.action<sql::CreateView>(i);
    if (view && view->name.name == rename->relation.name) return;
  }
  auto finding = site.finding(whole(site),
                              fmt::format("programs that use `{}` fail from the commit on", to_text(rename->relation)));
  finding.diagnostic =
      std::move(finding.diagnostic)
          .help(fmt::format("in the same revision make a view under the old name: CREATE VIEW {} AS SELECT * FROM {};",
                            to_text(rename->relation), name_in_sql(rename->new_name)));
  soften_if_empty(site, finding, rename->relation);
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule rename_table{
    .id = "rename-table",
    .category = Category::compatibility,
    .level = Level::error,
    .summary = "a table is renamed under the programs that use it",
    .check_statement = check,
};

}  // namespace migrate::rules
