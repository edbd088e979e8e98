#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  using Kind = sql::ObjectKind;
  const auto tell = [&](Kind kind, const sql::QualifiedName& name, const char* what) {
    findings.push_back(site.finding(
        whole(site), fmt::format("programs that use {} `{}` fail once it is {}", to_text(kind), to_text(name), what)));
    findings.back().diagnostic =
        std::move(findings.back().diagnostic).help("release programs that know both names first");
  };
  if (const auto* rename = site.action<sql::Rename>()) {
    const bool counts = rename->object == Kind::schema || rename->object == Kind::type ||
                        rename->object == Kind::domain || rename->object == Kind::function ||
                        rename->object == Kind::procedure || rename->object == Kind::view ||
                        rename->object == Kind::materialized_view;
    const auto* relation = site.relation(rename->relation);
    const auto* type = site.schema.find_type(rename->relation);
    const bool own = (relation && !site.is_visible(rename->relation)) ||
                     (type && (type->origin == catalog::Origin::this_revision ||
                               (type->origin == catalog::Origin::earlier && site.schema.complete)));
    if (counts && !own) tell(rename->object, rename->relation, "renamed");
  }
  if (const auto* move = site.action<sql::SetSchema>()) {
    const bool is_relation = move->object == Kind::table || move->object == Kind::view ||
                             move->object == Kind::materialized_view || move->object == Kind::sequence;
    if (!is_relation || site.is_visible(move->name)) tell(move->object, move->name, "moved");
  }
}

}  // namespace

const Rule rename_or_move{
    .id = "rename-or-move",
    .category = Category::compatibility,
    .level = Level::warning,
    .summary = "a schema, type or function is renamed, or something moves to another schema",
    .check_statement = check,
};

}  // namespace migrate::rules
