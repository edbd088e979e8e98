#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

constexpr std::string_view allowing =
    "do it in steps that leave the rows alone, or say why: -- migrate:allow unparsed-statement (reason)";

constexpr int major(int version) { return version / 10'000; }

bool server_is_newer(const Site& site) { return major(site.server_version()) > major(sql::parser_version()); }

// As broken, until somebody says otherwise.
Finding complaint(const Site& site) {
  const auto& judged = site.judged();
  const ByteRange statement = judged.statement.range;
  ByteRange range = statement;
  std::string words = "not known to this version's parser";
  if (const auto& syntax = judged.facts.syntax_error) {
    const std::size_t at = std::min(statement.begin + syntax->at.value, statement.end);
    range = {at, at};
    words = syntax->message;
  }
  return site.finding(range, fmt::format("`{}` cannot be read: {}", judged.facts.tag, words));
}

// What the server did to a clone of the table, it would do to the table.
Finding tell_trial(const Site& site, const Trial& trial, const sql::QualifiedName& table) {
  const std::string name = to_text(table);
  const bool works = trial.rewrites || trial.scans || trial.builds_index;
  const std::string_view work = trial.rewrites       ? "is written anew"
                                : trial.builds_index ? "gets an index built"
                                                     : "is read as a whole";
  const ByteRange head = words(site, 1);
  auto finding =
      works ? finding_about(site, table, head, fmt::format("`{}` {} by SQL that no rule can read", name, work),
                            "others wait for the lock meanwhile")
            : site.finding(head, fmt::format("no rule can read this, but it leaves the rows of `{}` alone", name));
  finding.diagnostic = std::move(finding.diagnostic)
                           .note("the server was given it for an empty clone of the table, and told what it did there");
  if (!works || !site.may_hold_rows(table)) {
    finding.at_most = Level::note;
  } else {
    finding.diagnostic = std::move(finding.diagnostic).help(std::string(allowing));
  }
  return finding;
}

bool has_word(const Site& site, std::string_view word) {
  const auto& tokens = site.model().tokens;
  return std::any_of(tokens.begin(), tokens.end(), [&](const sql::Token& token) {
    return token.kind == sql::TokenKind::word && to_lower_ascii(site.text(token.range)) == word;
  });
}

// Statements whose first words are enough: whatever else stands in them, others need not wait for them.
std::string_view harmless_for(const Site& site) {
  const std::string_view tag = site.judged().facts.tag;
  constexpr std::array<std::string_view, 9> makers{
      "CREATE TABLE",       "CREATE VIEW", "CREATE FUNCTION", "CREATE PROCEDURE", "CREATE STATISTICS", "CREATE TYPE",
      "CREATE PUBLICATION", "GRANT",       "REVOKE"};
  if (std::find(makers.begin(), makers.end(), tag) != makers.end()) return "it leaves the rows of every table alone";
  const bool chosen =
      tag == "INSERT" || tag == "MERGE" || ((tag == "UPDATE" || tag == "DELETE") && has_word(site, "where"));
  return chosen ? "it locks the rows that it changes, and no table" : std::string_view();
}

Finding tell_words(const Site& site, Finding finding) {
  const auto& other = std::get<sql::Other>(site.model().action);
  const bool new_table = other.tag == "ALTER TABLE" && !other.names.empty() && !site.is_visible(other.names.front());
  const std::string_view harmless = new_table ? "nobody else uses the table yet" : harmless_for(site);
  if (harmless.empty()) return finding;
  finding.at_most = Level::warning;
  finding.diagnostic =
      std::move(finding.diagnostic)
          .note(fmt::format("the server is newer than the parser (PostgreSQL {}), and may know it; by its "
                            "first words {}",
                            major(sql::parser_version()), harmless));
  return finding;
}

void check(const Site& site, Findings& findings) {
  const auto& judged = site.judged();
  if (judged.facts.parsed || judged.facts.transaction_control != sql::TransactionControl::none) return;
  const auto* other = site.action<sql::Other>();
  if (judged.trial && other && !other->names.empty()) {
    findings.push_back(tell_trial(site, *judged.trial, other->names.front()));
    return;
  }
  auto finding = complaint(site);
  finding.diagnostic = std::move(finding.diagnostic)
                           .note(
                               "the rules look at a statement through PostgreSQL's own parser, and this one does not "
                               "know it: it is broken, or newer than the parser");
  if (server_is_newer(site)) finding = tell_words(site, std::move(finding));
  finding.diagnostic = std::move(finding.diagnostic)
                           .help(
                               "mend it; or, if the server knows it, look at its locks yourself and say so: "
                               "-- migrate:allow unparsed-statement (reason)");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule unparsed_statement{
    .id = "unparsed-statement",
    .category = Category::design,
    .level = Level::error,
    .summary = "a statement that the parser does not know, and no rule can judge",
    .scope = Scope::both,
    .check_statement = check,
};

}  // namespace migrate::rules
