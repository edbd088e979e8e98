// Commands that change columns.
#include <algorithm>

#include "rules/effects/alteration.hpp"

namespace migrate::rules {
namespace {

using sql::AlterCommand;
using sql::AlterKind;
using sql::ConstraintKind;

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// What is the column cast by: nothing but the cast that the server would find itself.
bool is_plain_cast(const AlterCommand& command) {
  if (!command.expression) return true;
  std::string text;
  for (const char c : command.expression->text) {
    if (c != ' ' && c != '\n' && c != '\t' && c != '"') text += c;
  }
  return text == command.name || text == command.name + "::" + command.type->name;
}

// The same text in another way (`a::varchar(5)`, casts with CAST): who knows.
bool may_be_plain_cast(const AlterCommand& command) {
  const auto& expression = *command.expression;
  return expression.functions.empty() && !expression.literal && !expression.has_subquery &&
         expression.columns == std::vector{command.name} &&
         expression.text.find_first_of("+-*/|&#%<>=") == std::string::npos;
}

}  // namespace

void Alteration::plan_column(const AlterCommand& command) {
  switch (command.kind) {
    case AlterKind::add_column: return plan_add_column(command);
    case AlterKind::drop_column: return plan_drop_column(command);
    case AlterKind::set_default:
    case AlterKind::drop_default: return plan(Shape::change_default);
    case AlterKind::set_not_null: return plan_set_not_null(command);
    case AlterKind::drop_not_null: return plan(Shape::drop_not_null);
    case AlterKind::set_type: return plan_type(command);
    case AlterKind::set_statistics: return plan(Shape::set_statistics);
    case AlterKind::set_storage: return plan(Shape::set_storage);
    case AlterKind::set_compression: return plan(Shape::set_compression);
    case AlterKind::set_expression: return plan(Shape::set_expression);
    case AlterKind::drop_expression: return plan(Shape::drop_expression);
    case AlterKind::add_identity: return plan(Shape::add_identity);
    case AlterKind::set_identity:
      return plan(Shape::set_identity, &Places::sequences, to_.sequences_of(alter_.name, command.name));
    case AlterKind::drop_identity:
      return plan(Shape::drop_identity, &Places::sequences, to_.sequences_of(alter_.name, command.name));
    case AlterKind::column_options: return plan(Shape::column_options);
    default: return plan_whole_table(command);
  }
}

void Alteration::plan_kind_of_column(const sql::Column& column) {
  if (const auto* generated = column.find(ConstraintKind::generated)) {
    return plan(generated->stored ? Shape::add_column_stored : Shape::add_column_virtual);
  }
  if (column.type.serial || column.find(ConstraintKind::identity)) return plan(Shape::add_column_numbered);
  const Work constrained = is_constrained(to_.schema, column.type);
  if (constrained != Work::no) return plan(Shape::add_column_of_domain, constrained == Work::yes);
  const auto* standard = column.find(ConstraintKind::default_value);
  const Work changing = standard && standard->expression ? is_volatile(to_.schema, *standard->expression) : Work::no;
  changing == Work::no ? plan(Shape::add_column) : plan(Shape::add_column_rewriting, changing == Work::yes);
}

void Alteration::plan_constraints_of(const sql::Column& column, bool filled) {
  if (column.find(ConstraintKind::not_null) && !filled) plan(Shape::add_column_not_null);
  for (const auto& one : column.constraints) {
    switch (one.kind) {
      case ConstraintKind::check: plan(Shape::add_column_checked); break;
      case ConstraintKind::unique:
      case ConstraintKind::primary_key: plan(Shape::add_column_unique); break;
      case ConstraintKind::foreign_key:
        plan(filled ? Shape::add_column_referencing_default : Shape::add_column_referencing, &Places::referenced,
             {one.references});
        break;
      default: break;
    }
  }
}

void Alteration::plan_add_column(const AlterCommand& command) {
  if (!command.column) return to_.may_do_more();
  const sql::Column& added = *command.column;
  if (command.if_not_exists && column(added.name)) return plan(Shape::nothing_to_alter);
  plan_kind_of_column(added);
  const auto* standard = added.find(ConstraintKind::default_value);
  const bool has_default = standard && standard->expression && !standard->expression->null;
  const bool filled =
      has_default || added.type.serial || added.find(ConstraintKind::identity) || added.find(ConstraintKind::generated);
  plan_constraints_of(added, filled);
}

void Alteration::plan_drop_column(const AlterCommand& command) {
  if (is_known() && !column(command.name)) return plan(Shape::nothing_to_alter);
  plan(Shape::drop_column, &Places::sequences, to_.sequences_of(alter_.name, command.name));
  const Names referenced = to_.referenced_by(alter_.name, command.name);
  if (!referenced.empty()) plan(Shape::drop_column_of_key, &Places::referenced, referenced);
  if (!command.cascade) return;
  plan(Shape::drop_column_cascade, &Places::dependents, to_.views_of(alter_.name, command.name));
  planned_.back().places.referencing = to_.referencing(alter_.name, command.name);
}

void Alteration::plan_set_not_null(const AlterCommand& command) {
  const auto* found = column(command.name);
  if (found && found->not_null) {
    // Since 18 it may be one that is not valid yet.
    const bool valid = std::all_of(relation_->constraints.begin(), relation_->constraints.end(), [&](const auto& one) {
      return one.kind != ConstraintKind::not_null || !contains(one.columns, command.name) || one.valid;
    });
    return plan(valid ? Shape::nothing_to_alter : Shape::set_not_null);
  }
  const bool proven = relation_ && relation_->proven_not_null(command.name);
  plan(proven ? Shape::set_not_null_proven : Shape::set_not_null, is_known());
}

// ---- Types

void Alteration::plan_keys_of_type(const std::string& name, Shape shape, bool certain) {
  Names referenced = to_.referenced_by(alter_.name, name);
  Names referencing = to_.referencing(alter_.name, name);
  if (referenced.empty() && referencing.empty()) return;
  plan(shape, &Places::referenced, std::move(referenced), certain);
  planned_.back().places.referencing = std::move(referencing);
}

void Alteration::plan_free_type(const std::string& name, const sql::TypeRef& from, const AlterCommand& command,
                                bool certain) {
  plan(Shape::set_type_free);
  plan_keys_of_type(name, Shape::set_type_of_key_free, certain);
  for (const auto& one : relation_->constraints) {
    if (one.kind == ConstraintKind::check && contains(one.columns, name)) plan(Shape::set_type_checking, certain);
  }
  const bool indexed = std::any_of(relation_->indexes.begin(), relation_->indexes.end(),
                                   [&](const catalog::Index& one) { return contains(one.reads, name); });
  if (!indexed) return;
  if (!command.collation.empty()) {
    plan(Shape::set_type_reindexing, false);
  } else if (is_partitioned()) {
    plan(Shape::set_type_reindexing, certain);
  } else if (!keeps_indexes(from, *command.type)) {
    plan(Shape::set_type_reindexing, false);
  }
}

void Alteration::plan_type(const AlterCommand& command) {
  const auto* found = column(command.name);
  if (!found || !command.type) return plan(Shape::set_type_rewriting, false);
  auto change = type_change(to_.schema, found->type, *command.type);
  if (!is_plain_cast(command)) {
    const bool open = change != TypeChange::rewriting && may_be_plain_cast(command);
    change = open ? TypeChange::unknown : TypeChange::rewriting;
  }
  if (change == TypeChange::free) return plan_free_type(command.name, found->type, command, true);
  const bool certain = change == TypeChange::rewriting;
  plan(Shape::set_type_rewriting, certain);
  plan_keys_of_type(command.name, Shape::set_type_of_key, certain);
}

}  // namespace migrate::rules
