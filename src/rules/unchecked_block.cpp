#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

bool changes_schema(const std::string& statement) {
  constexpr std::array<std::string_view, 6> verbs{"CREATE", "ALTER", "DROP", "TRUNCATE", "REINDEX", "CLUSTER"};
  const auto facts = sql::examine_statement(statement);
  if (facts.summary.starts_with("CREATE TEMP")) return false;
  return std::any_of(verbs.begin(), verbs.end(), [&](std::string_view verb) { return facts.tag.starts_with(verb); });
}

void check(const Site& site, Findings& findings) {
  const auto* block = site.action<sql::DoBlock>();
  if (!block) return;
  const auto inside = sql::read_plpgsql(site.text(whole(site)));
  const bool readable = block->language == "plpgsql" && inside.parsed;
  const auto change = std::find_if(inside.statements.begin(), inside.statements.end(), changes_schema);
  if (readable && inside.dynamic == 0 && change == inside.statements.end()) return;
  const std::string what = !readable            ? "the rules cannot read this block"
                           : inside.dynamic > 0 ? "the rules cannot see what this block executes"
                                                : fmt::format("the rules do not judge `{}` inside of a block",
                                                              sql::examine_statement(*change).summary);
  auto finding = site.finding(words(site, 1), what);
  // What is written can be read by others at least.
  if (readable && inside.dynamic == 0) finding.at_most = Level::note;
  finding.diagnostic =
      std::move(finding.diagnostic).help("write its statements as statements of the revision, where they can be");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule unchecked_block{
    .id = "unchecked-block",
    .category = Category::design,
    .level = Level::warning,
    .summary = "a DO block that executes SQL which no rule sees",
    .scope = Scope::both,
    .check_statement = check,
};

}  // namespace migrate::rules
