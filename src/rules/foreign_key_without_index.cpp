#include <algorithm>

#include <fmt/format.h>

#include "rules/new_columns.hpp"
#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

using Columns = std::vector<std::string>;

// The first ones of an index in any order.
bool covers(const Columns& index, const Columns& columns) {
  return index.size() >= columns.size() && std::is_permutation(columns.begin(), columns.end(), index.begin());
}

bool is_subset(const Columns& some, const Columns& all) {
  return std::all_of(some.begin(), some.end(),
                     [&](const std::string& one) { return std::find(all.begin(), all.end(), one) != all.end(); });
}

// `WHERE column IS NOT NULL` leaves out no row that a key is looked up for.
bool covers(const sql::CreateIndex& index, const Columns& columns) {
  if (index.where && (index.where->proves_not_null.empty() || !is_subset(index.where->columns, columns))) return false;
  Columns keys;
  for (const auto& element : index.elements) keys.push_back(element.column);
  return covers(keys, columns);
}

bool covers(const catalog::Index& index, const Columns& columns) {
  const bool whole =
      !index.partial || (index.predicate.find("IS NOT NULL") != std::string::npos && is_subset(index.reads, columns));
  return index.valid && whole && covers(index.columns, columns);
}

bool is_key(const sql::Constraint& constraint) {
  return constraint.kind == sql::ConstraintKind::primary_key || constraint.kind == sql::ConstraintKind::unique;
}

bool covers(const sql::CreateTable& create, const Columns& columns) {
  for (const auto& column : create.columns) {
    for (const auto& constraint : column.constraints) {
      if (is_key(constraint) && covers(constraint.columns, columns)) return true;
    }
  }
  return std::any_of(create.constraints.begin(), create.constraints.end(), [&](const sql::Constraint& constraint) {
    return is_key(constraint) && covers(constraint.columns, columns);
  });
}

bool covers(const sql::AlterTable& alter, const Columns& columns) {
  return std::any_of(alter.commands.begin(), alter.commands.end(), [&](const sql::AlterCommand& command) {
    if (command.constraint) return is_key(*command.constraint) && covers(command.constraint->columns, columns);
    if (!command.column) return false;
    return std::any_of(
        command.column->constraints.begin(), command.column->constraints.end(),
        [&](const sql::Constraint& constraint) { return is_key(constraint) && covers(constraint.columns, columns); });
  });
}

// By any statement of the revision: the index often comes after the key.
bool is_covered_here(const Site& site, const sql::QualifiedName& table, const Columns& columns) {
  for (std::size_t i = 0; i < site.revision.statements.size(); ++i) {
    if (const auto* index = site.action<sql::CreateIndex>(i);
        index && is_same(site, index->table, table) && covers(*index, columns)) {
      return true;
    }
    if (const auto* create = site.action<sql::CreateTable>(i);
        create && is_same(site, create->name, table) && covers(*create, columns)) {
      return true;
    }
    if (const auto* alter = site.action<sql::AlterTable>(i);
        alter && is_same(site, alter->name, table) && covers(*alter, columns)) {
      return true;
    }
  }
  return false;
}

std::string create_index(const Site& site, const NewConstraint& key, bool concurrently) {
  NameParts parts;
  parts.schema = key.table->schema;
  parts.table = key.table->name;
  parts.columns = key.constraint->columns;
  std::string name = site.options.naming.suggest(NameKind::index, parts, {});
  if (name.empty()) name = generated_name(NameKind::index, parts);
  return fmt::format("CREATE INDEX{} {} ON {} ({});", concurrently ? " CONCURRENTLY" : "", name_in_sql(name),
                     to_text(*key.table), join(key.constraint->columns));
}

void judge(const Site& site, const NewConstraint& key, Findings& findings) {
  const auto& columns = key.constraint->columns;
  const auto* table = site.relation(*key.table);
  // Of a table that nobody knows, only a new column is sure to have no index yet.
  const bool is_new = std::any_of(columns.begin(), columns.end(),
                                  [&](const std::string& column) { return column_made_with(site, key, column); });
  if (columns.empty() || (!table && !is_new) || (table && table->partition_of) ||
      (key.create && key.create->partition_of))
    return;
  const bool has_index = table && std::any_of(table->indexes.begin(), table->indexes.end(),
                                              [&](const catalog::Index& index) { return covers(index, columns); });
  if (has_index || is_covered_here(site, *key.table, columns)) return;
  auto finding = site.finding(key.constraint->range,
                              fmt::format("no index of `{}` begins with {}", to_text(*key.table), join(columns)));
  finding.diagnostic = std::move(finding.diagnostic)
                           .note(fmt::format("a DELETE or a change of a key in `{}` reads all of `{}` for every row",
                                             to_text(key.constraint->references), to_text(*key.table)));
  if (key.create || !site.is_visible(*key.table)) {
    const End end = end_of_statement(site);
    finding.fix = {{site.revision.source,
                    {end.at, end.at},
                    fmt::format("{}\n{}", end.semicolon ? "" : ";", create_index(site, key, false))}};
    finding.fix_message = "make one";
  } else {
    // It belongs in a revision of its own, which may well be the next one.
    finding.at_most = Level::note;
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help(fmt::format("build one in a revision of its own: {}", create_index(site, key, true)));
  }
  findings.push_back(std::move(finding));
}

void check(const Site& site, Findings& findings) {
  for (const auto& key : new_constraints(site, sql::ConstraintKind::foreign_key)) judge(site, key, findings);
}

}  // namespace

const Rule foreign_key_without_index{
    .id = "foreign-key-without-index",
    .category = Category::design,
    .level = Level::warning,
    .summary = "a foreign key whose columns no index begins with",
    .check_statement = check,
    .strict = Level::error,
};

}  // namespace migrate::rules
