#include "rules/statements.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::rules {

std::vector<AddedConstraint> added_constraints(const Site& site, sql::ConstraintKind kind) {
  std::vector<AddedConstraint> found;
  each_command(site, [&](const sql::AlterTable& alter, const sql::AlterCommand& command) {
    if (command.constraint && command.constraint->kind == kind) {
      found.push_back({alter.name, command, *command.constraint, false});
    }
    if (command.kind != sql::AlterKind::add_column || !command.column) return;
    for (const auto& constraint : command.column->constraints) {
      if (constraint.kind == kind) found.push_back({alter.name, command, constraint, true});
    }
  });
  return found;
}

bool needs_no_transaction(const JudgedStatement& judged) {
  const auto* variable = std::get_if<sql::SetVariable>(&judged.model.action);
  return variable ? !variable->local : std::holds_alternative<sql::Comment>(judged.model.action);
}

bool may_leave_transaction(const Site& site) {
  if (!site.in_transaction()) return true;
  const auto& statements = site.revision.statements;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (i != site.index && !needs_no_transaction(statements[i])) return false;
  }
  return true;
}

std::string in_revision_of_its_own(std::string_view act) {
  return fmt::format("{} in a revision of its own: CONCURRENTLY cannot run in a transaction with the other statements",
                     act);
}

std::vector<RevisionDraft> add_then_validate(const Site& site, const AddedConstraint& added, const std::string& name) {
  const std::string table = to_text(added.table);
  const std::string constraint = name_in_sql(name);
  return {
      {.message = fmt::format("add {} without checking it", name),
       .upgrade_sql = fmt::format("ALTER TABLE {} ADD {} NOT VALID;", table, site.text(added.constraint.range)),
       .downgrade_sql = fmt::format("ALTER TABLE {} DROP CONSTRAINT {};", table, constraint)},
      {.message = fmt::format("validate {}", name),
       .upgrade_sql = fmt::format("ALTER TABLE {} VALIDATE CONSTRAINT {};", table, constraint),
       .downgrade_sql = "SELECT 1; -- a valid constraint stays valid"},
  };
}

Finding finding_about(const Site& site, const sql::QualifiedName& table, ByteRange range, std::string message,
                      std::string label) {
  auto finding = site.finding(range, std::move(message), std::move(label));
  finding.diagnostic = std::move(finding.diagnostic).note(site.why_rows(table));
  site.soften_if_small(finding, table);
  return finding;
}

void soften_if_empty(const Site& site, Finding& finding, const sql::QualifiedName& table) {
  const auto* found = site.relation(table);
  if (!found || found->rows != catalog::Rows::none) return;
  finding.at_most = std::min(finding.at_most.value_or(Level::error), Level::warning);
  finding.diagnostic.notes.push_back({"note", fmt::format("`{}` is empty: a warning only", to_text(table))});
}

ByteRange whole(const Site& site) { return site.judged().statement.range; }

ByteRange words(const Site& site, std::size_t count) { return sql::first_words(site.model(), count); }

const catalog::TableColumn* column_of(const Site& site, const sql::QualifiedName& table, std::string_view column) {
  const auto* found = site.relation(table);
  return found ? found->column(column) : nullptr;
}

std::string name_in_sql(std::string_view identifier) {
  return to_text(sql::QualifiedName{{}, std::string(identifier), {}});
}

std::string join(const std::vector<std::string>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + name_in_sql(name);
  return text;
}

bool runs_in_batches(const JudgedStatement& judged) {
  const auto& directives = judged.statement.directives;
  return std::any_of(directives.begin(), directives.end(), [](const auto& one) { return one.name == "batch"; });
}

bool follows_in_transaction(const Site& site, std::size_t earlier) {
  return site.in_transaction() && earlier < site.index;
}

std::optional<sql::QualifiedName> exclusively_locked(const Site& site, std::size_t statement) {
  using Kind = sql::AlterKind;
  if (const auto* rename = site.action<sql::Rename>(statement)) {
    const bool of_table = rename->object == sql::ObjectKind::table || rename->object == sql::ObjectKind::column ||
                          rename->object == sql::ObjectKind::constraint;
    if (of_table && rename->relation_kind == sql::ObjectKind::table && site.is_visible(rename->relation)) {
      return rename->relation;
    }
  }
  const auto* alter = site.action<sql::AlterTable>(statement);
  if (!alter || alter->object != sql::ObjectKind::table || !site.is_visible(alter->name)) return std::nullopt;
  const bool exclusive =
      std::any_of(alter->commands.begin(), alter->commands.end(), [](const sql::AlterCommand& command) {
        switch (command.kind) {
          case Kind::set_statistics:
          case Kind::validate_constraint:
          case Kind::set_options:
          case Kind::reset_options:
          case Kind::cluster_on:
          case Kind::set_without_cluster:
          case Kind::enable_trigger:
          case Kind::disable_trigger:
          case Kind::attach_partition:
          case Kind::finalize_detach: return false;
          case Kind::detach_partition: return !command.concurrently;
          case Kind::add_constraint:
            return !command.constraint || command.constraint->kind != sql::ConstraintKind::foreign_key;
          default: return true;
        }
      });
  return exclusive ? std::optional(alter->name) : std::nullopt;
}

}  // namespace migrate::rules
