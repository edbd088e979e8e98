#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* drop = site.action<sql::Drop>();
  if (!drop) return;
  using Kind = sql::ObjectKind;
  const bool counts = drop->object == Kind::type || drop->object == Kind::domain || drop->object == Kind::sequence ||
                      drop->object == Kind::view || drop->object == Kind::materialized_view;
  if (!counts) return;
  for (const auto& name : drop->names) {
    const auto* type = site.schema.find_type(name);
    const auto* relation = site.relation(name);
    const bool own = (type && type->origin != catalog::Origin::database && site.schema.complete) ||
                     (type && type->origin == catalog::Origin::this_revision) ||
                     (relation && relation->origin == catalog::Origin::this_revision) ||
                     (relation && relation->origin == catalog::Origin::earlier && site.schema.complete);
    if (own || (site.schema.complete && !type && !relation)) continue;
    // A view that is made anew in the same revision is only changed.
    bool again = false;
    for (std::size_t i = site.index + 1; i < site.revision.statements.size(); ++i) {
      const auto* view = site.action<sql::CreateView>(i);
      again = again || (view && site.schema.resolve(view->name) == site.schema.resolve(name));
    }
    if (again) continue;
    auto finding = site.finding(
        name.range.empty() ? whole(site) : name.range,
        fmt::format("programs that use {} `{}` fail from the commit on", to_text(drop->object), to_text(name)));
    if (type && !type->used_by.empty()) {
      finding.diagnostic = std::move(finding.diagnostic)
                               .note(fmt::format("a column of `{}` has this type", to_text(type->used_by.front())));
    } else if (type) {
      finding.diagnostic = std::move(finding.diagnostic).note("no column has it, as far as is known");
      finding.at_most = Level::note;
    }
    finding.diagnostic = std::move(finding.diagnostic).help("release a version that does not use it first");
    findings.push_back(std::move(finding));
  }
}

}  // namespace

const Rule drop_type_in_use{
    .id = "drop-type-in-use",
    .category = Category::data_loss,
    .level = Level::warning,
    .summary = "a type, view or sequence is dropped that others may use",
    .check_statement = check,
};

}  // namespace migrate::rules
