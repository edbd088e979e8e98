// What is there already, and what is not there: the server would refuse it in the middle of a run.
#include <algorithm>

#include <fmt/format.h>

#include "rules/new_columns.hpp"
#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

// A block or a function may have made or dropped anything before.
bool anything_may_have_happened(const Site& site) {
  for (std::size_t i = 0; i < site.index; ++i) {
    const auto* select = site.action<sql::Select>(i);
    if (site.action<sql::DoBlock>(i) || (select && !select->functions.empty())) return true;
    if (!site.revision.statements[i].facts.parsed || site.revision.statements[i].facts.tag == "CALL") return true;
  }
  return false;
}

bool is_known(const Site& site, const sql::QualifiedName& name) {
  return site.schema.find(name) || site.schema.find_index(name).second;
}

void add(const Site& site, ByteRange range, std::string message, std::string help, Findings& findings) {
  auto finding = site.finding(range.empty() ? whole(site) : range, std::move(message));
  finding.diagnostic = std::move(finding.diagnostic).help(std::move(help));
  findings.push_back(std::move(finding));
}

void add_existing(const Site& site, ByteRange range, std::string_view what, const std::string& name,
                  const catalog::Relation* in, Findings& findings) {
  std::string message = fmt::format("{} `{}` exists already", what, name);
  const bool told = in && !in->made_by.empty();
  add(site, range, std::move(message),
      told ? fmt::format("see {}, or give it another name", in->made_by) : "drop or rename one of the two", findings);
}

// By another command of the same statement, whatever their order.
bool drops(const sql::AlterTable& alter, sql::AlterKind kind, const std::string& name) {
  return std::any_of(alter.commands.begin(), alter.commands.end(),
                     [&](const sql::AlterCommand& other) { return other.kind == kind && other.name == name; });
}

void check_existing(const Site& site, Findings& findings) {
  if (anything_may_have_happened(site)) return;
  if (const auto* create = site.action<sql::CreateTable>(); create && !create->if_not_exists && !create->temporary) {
    const auto* there = site.relation(create->name);
    if (there && !there->temporary)
      add_existing(site, create->name.range, "relation", to_text(create->name), there, findings);
  }
  const auto* index = site.action<sql::CreateIndex>();
  if (index && !index->if_not_exists && !index->name.empty() && site.relation(index->table)) {
    const sql::QualifiedName name{site.schema.resolve(index->table).schema, index->name, {}};
    const auto [table, there] = site.schema.find_index(name);
    // An invalid one is what is left of the last try, and goes before the next.
    if (there && there->valid) add_existing(site, index->name_range, "index", index->name, nullptr, findings);
  }
  each_command(site, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    const auto* table = site.relation(alter.name);
    if (!table) return;
    const bool added =
        command.column && !command.if_not_exists && !drops(alter, sql::AlterKind::drop_column, command.column->name);
    if (added && table->column(command.column->name)) {
      add_existing(site, command.column->name_range, "column", command.column->name, table, findings);
    }
    const bool named = command.constraint && !command.constraint->name.empty() &&
                       !drops(alter, sql::AlterKind::drop_constraint, command.constraint->name);
    if (named && table->constraint(command.constraint->name)) {
      add_existing(site, command.constraint->name_range, "constraint", command.constraint->name, nullptr, findings);
    }
  });
}

void want(const Site& site, const sql::QualifiedName& name, Findings& findings) {
  if (name.name.empty() || is_known(site, name) || name.schema == "pg_temp" || name.schema == "pg_catalog") return;
  add(site, name.range, fmt::format("there is no `{}`", to_text(name)),
      "the server refuses it: mend the name, or make it in a revision before", findings);
}

void want_column(const Site& site, const sql::QualifiedName& table, const std::string& column, ByteRange range,
                 Findings& findings) {
  const auto* known = site.relation(table);
  if (!known || !known->columns_known || column.empty() || known->column(column)) return;
  add(site, range, fmt::format("`{}` has no column `{}`", to_text(table), column),
      "the server refuses it: mend the name, or add the column before", findings);
}

bool needs_column(const sql::AlterCommand& command) {
  using Kind = sql::AlterKind;
  switch (command.kind) {
    case Kind::drop_column: return !command.if_exists;
    case Kind::set_default:
    case Kind::drop_default:
    case Kind::set_not_null:
    case Kind::drop_not_null:
    case Kind::set_type: return true;
    default: return false;
  }
}

void check_missing(const Site& site, Findings& findings) {
  if (!site.schema.complete || anything_may_have_happened(site)) return;
  if (const auto* alter = site.action<sql::AlterTable>(); alter && !alter->if_exists) {
    if (alter->object != sql::ObjectKind::type) want(site, alter->name, findings);
    for (const auto& command : alter->commands) {
      const bool added = std::any_of(
          alter->commands.begin(), alter->commands.end(),
          [&](const sql::AlterCommand& other) { return other.column && other.column->name == command.name; });
      if (needs_column(command) && !added) want_column(site, alter->name, command.name, command.range, findings);
    }
  }
  if (const auto* index = site.action<sql::CreateIndex>()) {
    want(site, index->table, findings);
    for (const auto& element : index->elements)
      want_column(site, index->table, element.column, index->name_range, findings);
  }
  const auto* drop = site.action<sql::Drop>();
  const bool of_relations =
      drop && (drop->object == sql::ObjectKind::table || drop->object == sql::ObjectKind::index ||
               drop->object == sql::ObjectKind::view || drop->object == sql::ObjectKind::sequence ||
               drop->object == sql::ObjectKind::materialized_view);
  if (of_relations && !drop->if_exists) {
    for (const auto& name : drop->names) want(site, name, findings);
  }
}

}  // namespace

const Rule existing_object{
    .id = "existing-object",
    .category = Category::compatibility,
    .level = Level::warning,
    .summary = "something is made that is there already",
    .check_statement = check_existing,
    .strict = Level::error,
};

const Rule missing_object{
    .id = "missing-object",
    .category = Category::compatibility,
    .level = Level::warning,
    .summary = "a statement is about something that is not there",
    .check_statement = check_missing,
    .strict = Level::error,
    .needs_database = true,
};

}  // namespace migrate::rules
