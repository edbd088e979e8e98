#include <algorithm>

#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

bool is_there(const catalog::Relation& partition, const sql::CreateIndex& wanted) {
  return std::any_of(partition.indexes.begin(), partition.indexes.end(), [&](const catalog::Index& index) {
    if (!index.valid || index.has_expression || index.partial || index.descending || index.unique != wanted.unique ||
        index.method != wanted.method || index.include != wanted.include) {
      return false;
    }
    return std::equal(
        index.columns.begin(), index.columns.end(), wanted.elements.begin(), wanted.elements.end(),
        [](const std::string& column, const sql::IndexElement& element) { return column == element.column; });
  });
}

// The server takes an index that a partition has already, and builds none.
bool all_have_it(const Site& site, const sql::QualifiedName& table, const sql::CreateIndex& wanted) {
  const bool plain =
      !wanted.where && std::all_of(wanted.elements.begin(), wanted.elements.end(), [](const auto& element) {
        return !element.expression && !element.descending && !element.nulls_written && element.operator_class.empty() &&
               element.collation.empty();
      });
  std::size_t partitions = 0;
  for (const auto& [key, relation] : site.schema.relations()) {
    if (!relation.partition_of || !(*relation.partition_of == table)) continue;
    ++partitions;
    const bool has = relation.partitioned ? all_have_it(site, relation.name, wanted) : is_there(relation, wanted);
    if (!plain || !has) return false;
  }
  return partitions > 0;
}

void check(const Site& site, Findings& findings) {
  const auto* index = site.action<sql::CreateIndex>();
  if (!index || index->concurrently || index->only || !site.may_hold_rows(index->table)) return;
  const auto* table = site.relation(index->table);
  if (!table || !table->partitioned || all_have_it(site, table->name, *index)) return;
  auto finding =
      finding_about(site, index->table, words(site, index->unique ? 3 : 2),
                    fmt::format("`CREATE INDEX` blocks writes to every partition of `{}`", to_text(index->table)),
                    "takes SHARE lock on all partitions until all are done");
  finding.diagnostic = std::move(finding.diagnostic)
                           .help(
                               "make it with CREATE INDEX ... ON ONLY the parent, then CREATE INDEX CONCURRENTLY on "
                               "each partition, then "
                               "ALTER INDEX ... ATTACH PARTITION for each");
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule index_on_partitioned_table{
    .id = "index-on-partitioned-table",
    .category = Category::locking,
    .level = Level::error,
    .summary = "CREATE INDEX on a partitioned table, which locks every partition",
    .check_statement = check,
};

}  // namespace migrate::rules
