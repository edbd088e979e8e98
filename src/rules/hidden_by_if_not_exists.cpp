#include <algorithm>

#include <fmt/format.h>

#include "rules/new_columns.hpp"
#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

std::string difference(const Site& site, const catalog::TableColumn& there, const sql::Column& wanted) {
  if (there.type.name.empty() || wanted.type.name.empty()) return {};
  if (there.type.name == wanted.type.name && there.type.array_dimensions == wanted.type.array_dimensions) return {};
  if (comparable_type(site, there.type) == comparable_type(site, wanted.type)) return {};
  return fmt::format("`{}` is {} there, not {}", wanted.name, there.type.name, wanted.type.name);
}

std::string difference(const Site& site, const catalog::Relation& there, const sql::CreateTable& wanted) {
  for (const auto& column : wanted.columns) {
    const auto* known = there.column(column.name);
    if (!known) return fmt::format("it has no column `{}`", column.name);
    if (auto text = difference(site, *known, column); !text.empty()) return text;
  }
  for (const auto& column : there.columns) {
    if (!column_named(wanted, column.name)) return fmt::format("it has a column `{}`, too", column.name);
  }
  return {};
}

void add(const Site& site, ByteRange range, const std::string& name, std::string what, Findings& findings) {
  if (what.empty()) return;
  auto finding = site.finding(range.empty() ? whole(site) : range, fmt::format("`{}` exists, and {}", name, what),
                              "IF NOT EXISTS leaves it as it is");
  finding.diagnostic =
      std::move(finding.diagnostic).help("change what there is with ALTER, or drop IF NOT EXISTS to be told of it");
  findings.push_back(std::move(finding));
}

void check_index(const Site& site, const sql::CreateIndex& wanted, Findings& findings) {
  const auto schema = site.schema.resolve(wanted.table).schema;
  const auto [table, index] = site.schema.find_index({schema, wanted.name, {}});
  if (!index) return;
  std::vector<std::string> keys;
  for (const auto& element : wanted.elements) keys.push_back(element.column);
  std::string what;
  if (!is_same(site, table->name, wanted.table)) {
    what = fmt::format("is an index of `{}`", to_text(table->name));
  } else if (index->columns != keys) {
    what = "has other columns";
  } else if (index->unique != wanted.unique) {
    what = index->unique ? "is unique" : "is not unique";
  } else if (index->partial != wanted.where.has_value()) {
    what = index->partial ? "is a partial one" : "is not a partial one";
  }
  add(site, wanted.name_range, wanted.name, what, findings);
}

void check(const Site& site, Findings& findings) {
  if (const auto* create = site.action<sql::CreateTable>(); create && create->if_not_exists && !create->as_query) {
    const auto* there = site.relation(create->name);
    const bool comparable =
        there && there->columns_known && create->likes.empty() && create->inherits.empty() && !create->partition_of;
    if (comparable) add(site, create->name.range, to_text(create->name), difference(site, *there, *create), findings);
  }
  if (const auto* index = site.action<sql::CreateIndex>(); index && index->if_not_exists)
    check_index(site, *index, findings);
  each_command(site, sql::AlterKind::add_column, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    const auto* there =
        command.if_not_exists && command.column ? column_of(site, alter.name, command.column->name) : nullptr;
    if (there) add(site, command.range, to_text(alter.name), difference(site, *there, *command.column), findings);
  });
}

}  // namespace

const Rule hidden_by_if_not_exists{
    .id = "hidden-by-if-not-exists",
    .category = Category::design,
    .level = Level::warning,
    .summary = "IF NOT EXISTS where something else of the name exists, which is left as it is",
    .check_statement = check,
};

}  // namespace migrate::rules
