#include <fmt/format.h>

#include <migrate/sql/identifier.hpp>

#include "rules/naming/new_names.hpp"
#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

// Before the ON of CREATE INDEX ON ..., before the first word of a constraint.
std::optional<Edit> insertion(const Site& site, const NewName& name, const std::string& better) {
  const bool index = site.action<sql::CreateIndex>() != nullptr;
  if (!index) {
    const std::size_t at = name.definition.begin;
    return Edit{site.revision.source, {at, at}, fmt::format("CONSTRAINT {} ", name_in_sql(better))};
  }
  for (const auto& token : site.model().tokens) {
    if (token.kind != sql::TokenKind::word || sql::identifier_text(site.text(token.range)) != "on") continue;
    return Edit{site.revision.source, {token.range.begin, token.range.begin}, name_in_sql(better) + " "};
  }
  return std::nullopt;
}

bool is_taken(const Site& site, const NewName& name, const std::string& better) {
  if (site.revision.source->text().find(better) != std::string_view::npos) return true;
  const sql::QualifiedName wanted{name.parts.schema, better, {}};
  const auto* table = site.relation({name.parts.schema, name.parts.table, {}});
  return site.schema.find(wanted) || site.schema.find_index(wanted).second || (table && table->constraint(better));
}

void judge(const Site& site, const NewName& name, Findings& findings) {
  const Naming& naming = site.options.naming;
  NameParts parts = name.parts;
  parts.columns.insert(parts.columns.end(), name.include.begin(), name.include.end());
  const std::string generated = generated_name(name.kind, parts);
  const bool generated_will_do =
      naming.unnamed == Unnamed::check_generated && naming.accepts(name.kind, generated, name.parts);
  if (generated.empty() || generated_will_do) return;
  auto finding =
      site.finding(name.definition, fmt::format("nobody names this {}: the server will call it `{}`",
                                                site.action<sql::CreateIndex>() ? "index" : "constraint", generated));
  std::string words = parts.columns.size() == 1 ? parts.columns.front() : std::string();
  std::string better = naming.suggest(name.kind, name.parts, words);
  if (better.empty()) better = generated;
  // The file itself may count on the server's choice, most of all its downgrade.
  const bool spoken_of = site.revision.source->text().find(generated) != std::string_view::npos;
  auto edit = spoken_of || is_taken(site, name, better) ? std::nullopt : insertion(site, name, better);
  finding.renames = {generated, better};
  finding.fix_message = fmt::format("call it `{}`", better);
  if (edit) {
    finding.fix = {*std::move(edit)};
  } else {
    finding.diagnostic = std::move(finding.diagnostic).help("give it a name of its own");
  }
  findings.push_back(std::move(finding));
}

void check(const Site& site, Findings& findings) {
  if (site.options.naming.unnamed == Unnamed::ignore) return;
  // Without a name and built concurrently: that is worse, and another rule's.
  const auto* index = site.action<sql::CreateIndex>();
  if (index && index->concurrently) return;
  constexpr NameKinds kinds{NameKind::primary_key, NameKind::unique,      NameKind::index,    NameKind::unique_index,
                            NameKind::check,       NameKind::foreign_key, NameKind::exclusion};
  for (const auto& name : new_names(site, kinds)) {
    if (name.name.empty()) judge(site, name, findings);
  }
}

}  // namespace

const Rule unnamed_constraint{
    .id = "unnamed-constraint",
    .category = Category::naming,
    .level = Level::warning,
    .summary = "a constraint or an index without a name, where the server's choice is not the convention's",
    .check_statement = check,
};

}  // namespace migrate::rules
