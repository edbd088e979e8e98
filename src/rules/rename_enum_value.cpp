#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* rename = site.action<sql::Rename>();
  if (!rename || rename->object != sql::ObjectKind::enum_value) return;
  const auto* type = site.schema.find_type(rename->relation);
  if (type && (type->origin == catalog::Origin::this_revision ||
               (type->origin == catalog::Origin::earlier && site.schema.complete))) {
    return;
  }
  auto finding = site.finding(
      whole(site), fmt::format("programs that write or compare '{}' fail from the commit on", rename->old_name));
  finding.diagnostic = std::move(finding.diagnostic)
                           .help("add the new value, release programs that know both, change the rows in batches");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule rename_enum_value{
    .id = "rename-enum-value",
    .category = Category::compatibility,
    .level = Level::error,
    .summary = "a value of an enum is renamed under the programs that write it",
    .check_statement = check,
};

}  // namespace migrate::rules
