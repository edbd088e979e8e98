#include <fmt/format.h>

#include "rules/rule_list.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto& judged = site.judged();
  if (judged.facts.transaction_control == sql::TransactionControl::none) return;
  auto finding = site.finding(judged.statement.range, fmt::format("`{}` in a revision", judged.facts.tag),
                              "begins or ends a transaction");
  finding.diagnostic = std::move(finding.diagnostic)
                           .note("a revision runs in a transaction of its own, together with its row in the journal");
  // The semicolon goes too.
  ByteRange whole = judged.statement.range;
  const std::string_view text = site.revision.source->text();
  const auto after = text.find_first_not_of(" \t\r\n", whole.end);
  if (after != std::string_view::npos && text[after] == ';') whole.end = after + 1;
  if (whole.end < text.size() && text[whole.end] == '\n' && (whole.begin == 0 || text[whole.begin - 1] == '\n'))
    ++whole.end;
  finding.fix = {{site.revision.source, whole, ""}};
  finding.fix_message = "remove it; `Transaction: none` in the header asks for every statement on its own";
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule transaction_control{
    .id = "transaction-control",
    .category = Category::transaction,
    .level = Level::error,
    .summary = "BEGIN, COMMIT and their like in a revision, which is a transaction already",
    .scope = Scope::both,
    .check_statement = check,
};

}  // namespace migrate::rules
