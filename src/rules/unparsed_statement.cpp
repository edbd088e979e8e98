#include <fmt/format.h>

#include "rules/rule_list.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto& judged = site.judged();
  if (judged.facts.parsed || judged.facts.transaction_control != sql::TransactionControl::none) return;
  const ByteRange statement = judged.statement.range;
  ByteRange range = statement;
  std::string words = "not known to this version's parser";
  if (const auto& complaint = judged.facts.syntax_error) {
    const std::size_t at = std::min(statement.begin + complaint->at.value, statement.end);
    range = {at, at};
    words = complaint->message;
  }
  auto finding = site.finding(range, fmt::format("`{}` cannot be read: {}", judged.facts.tag, words));
  finding.diagnostic =
      std::move(finding.diagnostic)
          .note("the rules look at a statement through PostgreSQL's own parser, and this one does not know it: it is "
                "broken, or newer than the parser")
          .help("mend it; or, if the server knows it, look at its locks yourself and say so: "
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
