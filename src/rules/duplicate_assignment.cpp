#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

// `SET a[1] = ..., a[2] = ...` and `SET a.x = ..., a.y = ...` change parts of one column.
bool has_parts(const Site& site, const std::string& column) {
  const std::string_view text = site.revision.source->text();
  const auto& tokens = site.model().tokens;
  return std::any_of(tokens.begin(), tokens.end(), [&](const sql::Token& token) {
    const bool it = site.text(token.range) == column || site.text(token.range) == name_in_sql(column);
    return it && token.range.end < text.size() && (text[token.range.end] == '[' || text[token.range.end] == '.');
  });
}

void check(const Site& site, Findings& findings) {
  const auto* change = site.action<sql::ChangeRows>();
  const bool one_list =
      change && (change->kind == sql::ChangeRows::Kind::update || change->kind == sql::ChangeRows::Kind::insert);
  if (!one_list) return;
  const auto& tokens = site.model().tokens;
  const bool upsert = std::any_of(tokens.begin(), tokens.end(), [&](const sql::Token& token) {
    return equals_ignoring_case(site.text(token.range), "conflict");
  });
  if (upsert) return;
  for (std::size_t i = 1; i < change->columns.size(); ++i) {
    const auto begin = change->columns.begin();
    const auto here = begin + static_cast<std::ptrdiff_t>(i);
    if (std::find(begin, here, *here) == here || has_parts(site, *here)) continue;
    auto finding = site.finding(words(site, 1), fmt::format("`{}` gets two values in one statement", *here));
    finding.diagnostic = std::move(finding.diagnostic).note("PostgreSQL refuses it").help("leave one of them out");
    findings.push_back(std::move(finding));
    return;
  }
}

}  // namespace

const Rule duplicate_assignment{
    .id = "duplicate-assignment",
    .category = Category::design,
    .level = Level::error,
    .summary = "a column that gets two values in one statement",
    .scope = Scope::both,
    .check_statement = check,
};

}  // namespace migrate::rules
