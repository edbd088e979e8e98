#include <fmt/format.h>

#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

const sql::QualifiedName* name_of(const Site& site) {
  if (const auto* create = site.action<sql::CreateTable>()) return create->temporary ? nullptr : &create->name;
  if (const auto* alter = site.action<sql::AlterTable>()) return &alter->name;
  if (const auto* index = site.action<sql::CreateIndex>()) return &index->table;
  if (const auto* view = site.action<sql::CreateView>()) return view->temporary ? nullptr : &view->name;
  if (const auto* sequence = site.action<sql::CreateSequence>()) return sequence->temporary ? nullptr : &sequence->name;
  return nullptr;
}

void check(const Site& site, Findings& findings) {
  const auto* name = name_of(site);
  if (!name || name->name.empty() || !name->schema.empty()) return;
  const auto* known = site.relation(*name);
  if (known && known->temporary) return;
  const std::string schema = site.schema.resolve(*name).schema;
  auto finding = site.finding(name->range.empty() ? whole(site) : name->range,
                              fmt::format("which schema `{}` is in depends on search_path", name->name));
  if (!name->range.empty() && !schema.empty()) {
    finding.fix = {{site.revision.source, {name->range.begin, name->range.begin}, name_in_sql(schema) + "."}};
    finding.fix_message = fmt::format("write `{}.{}`", schema, name->name);
  }
  findings.push_back(std::move(finding));
}

}  // namespace

const Rule unqualified_name{
    .id = "unqualified-name",
    .category = Category::naming,
    .level = Level::off,
    .summary = "a table without its schema",
    .check_statement = check,
};

}  // namespace migrate::rules
