// What tables of a project are asked to have, or not to have.
#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "rules/new_columns.hpp"
#include "rules/rule_list.hpp"
#include "rules/statements.hpp"

namespace migrate::rules {
namespace {

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A table with columns of its own that stays.
const sql::CreateTable* ordinary_table(const Site& site) {
  const auto* create = site.action<sql::CreateTable>();
  const bool ordinary = create && !create->temporary && !create->foreign && !create->as_query &&
                        !create->partition_of && create->inherits.empty() && create->likes.empty() &&
                        !create->columns.empty();
  return ordinary ? create : nullptr;
}

std::vector<std::string> key_columns(const sql::CreateTable& create) {
  std::vector<std::string> columns = primary_key_of(create);
  const auto add = [&](const sql::Constraint& constraint) {
    if (constraint.kind == sql::ConstraintKind::foreign_key) {
      columns.insert(columns.end(), constraint.columns.begin(), constraint.columns.end());
    }
  };
  for (const auto& column : create.columns) std::for_each(column.constraints.begin(), column.constraints.end(), add);
  std::for_each(create.constraints.begin(), create.constraints.end(), add);
  return columns;
}

void check_timestamps(const Site& site, Findings& findings) {
  const auto* create = ordinary_table(site);
  if (!create) return;
  const auto keys = key_columns(*create);
  // It only joins others.
  if (std::all_of(create->columns.begin(), create->columns.end(),
                  [&](const auto& column) { return contains(keys, column.name); }))
    return;
  std::vector<std::string> missing;
  for (const auto& name : site.options.timestamp_columns) {
    if (!column_named(*create, name)) missing.push_back(name);
  }
  if (missing.empty()) return;
  auto finding =
      site.finding(create->name.range, fmt::format("`{}` has no {}", to_text(create->name), join_with_and(missing)));
  finding.diagnostic =
      std::move(finding.diagnostic).help(fmt::format("add {} timestamptz NOT NULL DEFAULT now()", missing.front()));
  findings.push_back(std::move(finding));
}

bool is_category(const NewType& spot, const std::vector<std::string>& words) {
  constexpr std::array<std::string_view, 4> others{"content_type", "mime_type", "media_type", "file_type"};
  if (std::find(others.begin(), others.end(), spot.column) != others.end()) return false;
  const auto parts = split(spot.column, '_');
  return (spot.is("text") || spot.is("varchar")) && contains(words, parts.back());
}

bool restricts(const sql::Constraint& constraint, const std::string& column) {
  // One row for each of them: that is the table to point at.
  const bool key =
      constraint.kind == sql::ConstraintKind::primary_key || constraint.kind == sql::ConstraintKind::unique;
  if (key && constraint.columns.size() == 1) return constraint.columns.front() == column;
  if (constraint.kind == sql::ConstraintKind::foreign_key) return contains(constraint.columns, column);
  return constraint.kind == sql::ConstraintKind::check && constraint.expression &&
         contains(constraint.expression->columns, column);
}

bool is_restricted(const Site& site, const NewType& spot) {
  const auto by = [&](const sql::Constraint& constraint) {
    return restricts(constraint, spot.column) || constraint.kind == sql::ConstraintKind::generated;
  };
  const auto& own = spot.definition->constraints;
  if (std::any_of(own.begin(), own.end(), by)) return true;
  if (spot.create && std::any_of(spot.create->constraints.begin(), spot.create->constraints.end(), by)) return true;
  for (std::size_t i = site.index; i < site.revision.statements.size(); ++i) {
    const auto* alter = site.action<sql::AlterTable>(i);
    if (!alter || !is_same(site, alter->name, *spot.table)) continue;
    for (const auto& command : alter->commands) {
      if (command.constraint && by(*command.constraint)) return true;
    }
  }
  return false;
}

void check_category(const Site& site, Findings& findings) {
  for (const auto& spot : new_types(site)) {
    if (!spot.definition || !is_category(spot, site.options.category_words) || is_restricted(site, spot)) continue;
    auto finding = site.finding(spot.definition->range, fmt::format("`{}` takes any text", spot.column));
    finding.diagnostic =
        std::move(finding.diagnostic)
            .help(fmt::format("name what may be in it: CHECK ({} IN (...)), an enum, or a table to point at",
                              name_in_sql(spot.column)));
    findings.push_back(std::move(finding));
  }
}

void check_nullable(const Site& site, Findings& findings) {
  for (const auto& spot : new_types(site)) {
    if (!spot.definition || spot.type->serial) continue;
    const auto& column = *spot.definition;
    const bool required = column.find(sql::ConstraintKind::not_null) || column.find(sql::ConstraintKind::primary_key) ||
                          column.find(sql::ConstraintKind::identity) || column.find(sql::ConstraintKind::generated) ||
                          (spot.create && contains(primary_key_of(*spot.create), spot.column));
    // NULL that is written is meant.
    if (required || column.find(sql::ConstraintKind::null)) continue;
    findings.push_back(site.finding(column.range, fmt::format("`{}` may be NULL", spot.column)));
    findings.back().diagnostic =
        std::move(findings.back().diagnostic).help("make it NOT NULL, or write NULL if that is meant");
  }
}

void check_comment(const Site& site, Findings& findings) {
  const auto* create = ordinary_table(site);
  if (!create) return;
  for (std::size_t i = site.index + 1; i < site.revision.statements.size(); ++i) {
    const auto* comment = site.action<sql::Comment>(i);
    if (comment && comment->object == sql::ObjectKind::table && is_same(site, comment->name, create->name)) return;
  }
  auto finding = site.finding(create->name.range, fmt::format("nothing says what `{}` is for", to_text(create->name)));
  finding.diagnostic =
      std::move(finding.diagnostic).help(fmt::format("COMMENT ON TABLE {} IS '...'", to_text(create->name)));
  findings.push_back(std::move(finding));
}

constexpr Rule design_rule(std::string_view id, std::string_view summary, void (*check)(const Site&, Findings&),
                           Level strict) {
  return {.id = id,
          .category = Category::design,
          .level = Level::off,
          .summary = summary,
          .check_statement = check,
          .strict = strict};
}

}  // namespace

const Rule category_without_check =
    design_rule("category-without-check", "a status or type of any text", check_category, Level::warning);
const Rule missing_comment = design_rule("missing-comment", "a new table without a comment", check_comment, Level::off);
const Rule missing_timestamps =
    design_rule("missing-timestamps", "a table without the timestamps that the project's tables have", check_timestamps,
                Level::warning);
const Rule nullable_column =
    design_rule("nullable-column", "a column that may be NULL, and nobody says so", check_nullable, Level::off);

}  // namespace migrate::rules
