#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

void check(const Site& site, Findings& findings) {
  const int version = site.schema.server_version.value_or(0);
  if (version < 140000 || version > 140003) return;
  const auto* index = site.action<sql::CreateIndex>();
  const auto* reindex = site.action<sql::Reindex>();
  if (!(index && index->concurrently) && !(reindex && reindex->concurrently)) return;
  auto finding =
      site.finding(whole(site), fmt::format("this server (14.{}) may leave rows out of an index that is built "
                                            "concurrently",
                                            version % 10000));
  finding.diagnostic = std::move(finding.diagnostic)
                           .help("update the server to 14.4 or later, and check the indexes it has built: pg_amcheck");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule concurrent_index_corruption{
    .id = "concurrent-index-corruption",
    .category = Category::locking,
    .level = Level::error,
    .summary = "PostgreSQL 14.0 to 14.3 may build a wrong index concurrently",
    .check_statement = check,
    .needs_database = true,
};

}  // namespace migrate::rules
