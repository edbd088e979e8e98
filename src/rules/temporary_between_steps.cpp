#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

// What the statement makes for its session alone; null: nothing.
const sql::QualifiedName* made_for_session(const Site& site) {
  if (const auto* table = site.action<sql::CreateTable>(); table && table->temporary) return &table->name;
  if (const auto* view = site.action<sql::CreateView>(); view && view->temporary) return &view->name;
  if (const auto* sequence = site.action<sql::CreateSequence>(); sequence && sequence->temporary)
    return &sequence->name;
  return nullptr;
}

bool names(const JudgedStatement& judged, std::string_view text, const std::string& name) {
  return std::any_of(judged.model.tokens.begin(), judged.model.tokens.end(), [&](const sql::Token& token) {
    const std::string_view word = token.range.of(text);
    return word == quote_identifier(name) || to_lower_ascii(word) == name;
  });
}

void check(const Site& site, Findings& findings) {
  if (site.in_transaction()) return;
  const auto* made = made_for_session(site);
  if (!made) return;
  const auto& statements = site.revision.statements;
  const auto next = statements.begin() + static_cast<std::ptrdiff_t>(site.index) + 1;
  const bool needed = std::any_of(next, statements.end(), [&](const JudgedStatement& judged) {
    return names(judged, site.revision.source->text(), made->name);
  });
  if (!needed) return;
  auto finding = site.finding(whole(site),
                              fmt::format("`{}` is gone where the revision goes on after it was cut off", made->name));
  finding.diagnostic = std::move(finding.diagnostic)
                           .note(
                               "the revision runs statement by statement: the next run goes on in another session, "
                               "which has no temporary objects of this one")
                           .help(
                               "make it an UNLOGGED table, and drop it at the end; or give the statements that need "
                               "it a revision that is one transaction");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule temporary_between_steps{
    .id = "temporary-between-steps",
    .category = Category::transaction,
    .level = Level::warning,
    .summary = "a temporary object that later statements need, in a revision that runs statement by statement",
    .scope = Scope::both,
    .check_statement = check,
};

}  // namespace migrate::rules
