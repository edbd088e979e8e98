#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const auto* change = site.action<sql::ChangeRows>();
  using Kind = sql::ChangeRows::Kind;
  if (!change || change->has_where || (change->kind != Kind::update && change->kind != Kind::remove)) return;
  if (change->from_query || !site.may_hold_rows(change->table)) return;
  const bool removes = change->kind == Kind::remove;
  if (!removes && runs_in_batches(site.judged())) return;
  auto finding = finding_about(
      site, change->table, whole(site),
      fmt::format("`{}` without WHERE {} every row of `{}`", removes ? "DELETE" : "UPDATE",
                  removes ? "deletes" : "changes", to_text(change->table)),
      removes ? "no downgrade brings them back" : "locks every row until the commit, and leaves as many dead ones");
  if (!removes) {
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help("change the rows that need it, and in batches: WHERE ..., and `-- migrate:batch rows=5000` above it");
  } else {
    finding.diagnostic =
        std::move(finding.diagnostic).help("where that is meant: -- migrate:allow change-without-where (reason)");
  }
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule change_without_where{
    .id = "change-without-where",
    .category = Category::data_loss,
    .level = Level::error,
    .summary = "UPDATE or DELETE without WHERE on a table that holds rows",
    .check_statement = check,
};

}  // namespace migrate::rules
