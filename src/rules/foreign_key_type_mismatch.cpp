#include <fmt/format.h>

#include "rules/new_columns.hpp"
#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

// By another command of the same ALTER TABLE.
const sql::TypeRef* changed_type(const Site& site, const std::string& column) {
  const auto* alter = site.action<sql::AlterTable>();
  if (!alter) return nullptr;
  for (const auto& command : alter->commands) {
    if (command.kind == sql::AlterKind::set_type && command.name == column && command.type) return &*command.type;
  }
  return nullptr;
}

const sql::TypeRef* type_of(const Site& site, const sql::QualifiedName& table, const NewConstraint& key,
                            const std::string& column) {
  if (is_same(site, table, *key.table)) {
    if (const auto* made = column_made_with(site, key, column)) return &made->type;
    if (const auto* changed = changed_type(site, column)) return changed;
  }
  const auto* known = column_of(site, table, column);
  return known ? &known->type : nullptr;
}

std::vector<std::string> targets_of(const Site& site, const NewConstraint& key) {
  if (!key.constraint->referenced_columns.empty()) return key.constraint->referenced_columns;
  if (key.create && is_same(site, key.constraint->references, *key.table)) return primary_key_of(*key.create);
  const auto* table = site.relation(key.constraint->references);
  return table ? table->primary_key() : std::vector<std::string>();
}

std::string text_of(const sql::TypeRef& type) {
  return (type.schema.empty() ? type.name : type.schema + "." + type.name) + (type.array_dimensions > 0 ? "[]" : "");
}

void check(const Site& site, Findings& findings) {
  for (const auto& key : new_constraints(site, sql::ConstraintKind::foreign_key)) {
    const auto targets = targets_of(site, key);
    const auto& columns = key.constraint->columns;
    for (std::size_t i = 0; i < std::min(targets.size(), columns.size()); ++i) {
      const auto* from = type_of(site, *key.table, key, columns[i]);
      const auto* to = type_of(site, key.constraint->references, key, targets[i]);
      if (!from || !to || from->name.empty() || to->name.empty()) continue;
      if (comparable_type(site, *from) == comparable_type(site, *to)) continue;
      auto finding = site.finding(key.constraint->range,
                                  fmt::format("`{}` is {}, and `{}.{}` is {}", columns[i], text_of(*from),
                                              to_text(key.constraint->references), targets[i], text_of(*to)));
      finding.diagnostic = std::move(finding.diagnostic).help(fmt::format("make `{}` {}", columns[i], text_of(*to)));
      findings.push_back(std::move(finding));
    }
  }
}

}  // namespace

const Rule foreign_key_type_mismatch{
    .id = "foreign-key-type-mismatch",
    .category = Category::types,
    .level = Level::error,
    .summary = "a foreign key between columns of different types",
    .check_statement = check,
};

}  // namespace migrate::rules
