#include <algorithm>
#include <array>

#include "rules/effects/gathering.hpp"

namespace migrate::rules {
namespace {

using sql::AlterCommand;
using sql::AlterKind;
using sql::ConstraintKind;
using sql::ObjectKind;

struct Planned {
  Shape shape;
  Places places;
};

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Storage parameters that PostgreSQL changes under ACCESS EXCLUSIVE. Source: reloptions.c, of tables and of indexes.
constexpr std::array strict_options{"user_catalog_table", "autosummarize", "fastupdate", "buffering", "pages_per_range",
                                    "gin_pending_list_limit"};

bool has_strict_option(const AlterCommand& command) {
  return std::any_of(command.options.begin(), command.options.end(), [](const std::string& option) {
    return std::find(strict_options.begin(), strict_options.end(), option) != strict_options.end();
  });
}

// One ALTER TABLE at work: each of its commands adds the rows that it is.
class Alteration {
 public:
  Alteration(Gathering& to, const sql::AlterTable& alter)
      : to_(to), alter_(alter), relation_(to.find(alter.name)), kind_(relation_ ? relation_->kind : alter.object) {
    if (to.schema.find_index(alter.name).second) kind_ = ObjectKind::index;
  }

  void run() {
    if (kind_ == ObjectKind::type) return to_.touch(Shape::no_relation, Places{});
    for (const auto& command : alter_.commands) plan_any(command);
    // All commands run under the strongest lock that one of them needs.
    LockMode strongest = LockMode::none;
    for (const auto& [shape, places] : planned_) {
      const auto* row = to_.row(shape);
      if (row && row->touches.front().part == Part::target) strongest = std::max(strongest, row->touches.front().lock);
    }
    for (auto& [shape, places] : planned_) {
      places.at_least = strongest;
      to_.touch(shape, places);
    }
  }

 private:
  Places here(bool certain = true) const {
    Places places;
    places.target = alter_.name;
    places.kind = kind_;
    places.only = alter_.only;
    places.certain = certain;
    return places;
  }
  void plan(Shape shape, bool certain = true) { planned_.push_back({shape, here(certain)}); }
  void plan(Shape shape, Names Places::*part, Names names, bool certain = true) {
    planned_.push_back({shape, here(certain)});
    planned_.back().places.*part = std::move(names);
  }

  // The column's or constraint's state is told by the schema, not guessed.
  [[nodiscard]] bool is_known() const { return relation_ && relation_->columns_known; }
  [[nodiscard]] const catalog::TableColumn* column(std::string_view name) const {
    return relation_ ? relation_->column(name) : nullptr;
  }
  [[nodiscard]] bool is_partitioned() const { return relation_ && relation_->partitioned; }

  void plan_any(const AlterCommand& command) {
    switch (kind_) {
      case ObjectKind::view: return plan(Shape::alter_view);
      case ObjectKind::index: return plan_index(command);
      case ObjectKind::sequence: return plan(Shape::alter_sequence_owner);
      case ObjectKind::materialized_view: return plan_materialized_view(command);
      default: return plan_table(command);
    }
  }

  void plan_index(const AlterCommand& command);
  void plan_materialized_view(const AlterCommand& command);
  void plan_table(const AlterCommand& command);
  void plan_column(const AlterCommand& command);
  void plan_whole_table(const AlterCommand& command);
  void plan_add_column(const AlterCommand& command);
  void plan_kind_of_column(const sql::Column& column);
  void plan_constraints_of(const sql::Column& column, bool filled);
  void plan_drop_column(const AlterCommand& command);
  void plan_set_not_null(const AlterCommand& command);
  void plan_type(const AlterCommand& command);
  void plan_free_type(const std::string& name, const sql::TypeRef& from, const AlterCommand& command, bool certain);
  void plan_keys_of_type(const std::string& name, Shape shape, bool certain);
  void plan_add_constraint(const sql::Constraint& constraint);
  void plan_use_index(const sql::Constraint& constraint);
  void plan_validate(const AlterCommand& command);
  void plan_drop_constraint(const AlterCommand& command);
  void plan_attach(const AlterCommand& command);
  void plan_detach(const AlterCommand& command);

  Gathering& to_;
  const sql::AlterTable& alter_;
  const catalog::Relation* relation_;
  ObjectKind kind_;
  std::vector<Planned> planned_;
};

void Alteration::plan_index(const AlterCommand& command) {
  switch (command.kind) {
    case AlterKind::attach_partition: return plan(Shape::attach_index, &Places::others, {command.other});
    case AlterKind::set_tablespace: return plan(Shape::index_tablespace);
    case AlterKind::set_options:
    case AlterKind::reset_options:
      return plan(has_strict_option(command) ? Shape::index_strict_options : Shape::index_options);
    default: return plan(Shape::index_options);
  }
}

void Alteration::plan_materialized_view(const AlterCommand& command) {
  const bool options = command.kind == AlterKind::set_options || command.kind == AlterKind::reset_options;
  options ? plan(Shape::set_options) : plan_table(command);
}

void Alteration::plan_table(const AlterCommand& command) {
  switch (command.kind) {
    case AlterKind::add_constraint:
      if (command.constraint) plan_add_constraint(*command.constraint);
      return;
    case AlterKind::validate_constraint: return plan_validate(command);
    case AlterKind::alter_constraint: return plan(Shape::alter_constraint);
    case AlterKind::drop_constraint: return plan_drop_constraint(command);
    case AlterKind::attach_partition: return plan_attach(command);
    case AlterKind::detach_partition: return plan_detach(command);
    case AlterKind::finalize_detach: return plan(Shape::finalize_detach, &Places::others, {command.other});
    case AlterKind::inherit: return plan(Shape::inherit, &Places::others, {command.other});
    case AlterKind::no_inherit: return plan(Shape::no_inherit, &Places::others, {command.other});
    default: return plan_column(command);
  }
}

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
    // The catalog does not tell stored columns from virtual ones; before 18 there are only stored ones.
    case AlterKind::set_expression: return plan(Shape::set_expression, to_.major < 18);
    case AlterKind::drop_expression: return plan(Shape::drop_expression);
    case AlterKind::add_identity: return plan(Shape::add_identity);
    case AlterKind::set_identity:
    case AlterKind::drop_identity:
      return plan(Shape::change_identity, &Places::sequences, to_.sequences_of(alter_.name, command.name));
    case AlterKind::column_options: return plan(Shape::column_options);
    default: return plan_whole_table(command);
  }
}

void Alteration::plan_whole_table(const AlterCommand& command) {
  switch (command.kind) {
    case AlterKind::of_type:
    case AlterKind::not_of_type: return plan(Shape::of_type);
    case AlterKind::enable_trigger:
    case AlterKind::disable_trigger: return plan(Shape::alter_trigger);
    case AlterKind::enable_rule:
    case AlterKind::disable_rule: return plan(Shape::rule);
    case AlterKind::row_security: return plan(Shape::row_security);
    case AlterKind::replica_identity: return plan(Shape::replica_identity);
    case AlterKind::owner: return plan(Shape::set_owner, &Places::sequences, to_.sequences_of(alter_.name));
    case AlterKind::set_schema: return plan(Shape::set_schema, &Places::sequences, to_.sequences_of(alter_.name));
    case AlterKind::set_logged:
    case AlterKind::set_unlogged: return plan(Shape::set_logged);
    case AlterKind::set_tablespace: return plan(Shape::set_tablespace);
    case AlterKind::set_access_method: return plan(Shape::set_access_method);
    case AlterKind::set_options:
    case AlterKind::reset_options:
      return plan(has_strict_option(command) ? Shape::set_strict_options : Shape::set_options);
    case AlterKind::cluster_on:
    case AlterKind::set_without_cluster: return plan(Shape::cluster_on);
    default: to_.may_do_more();
  }
}

// ---- Columns

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
  const bool filled = has_default || added.type.serial || added.find(ConstraintKind::identity) ||
                      added.find(ConstraintKind::generated);
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
         expression.columns == std::vector{command.name} && expression.text.find_first_of("+-*/|&#%<>=") == std::string::npos;
}

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

// ---- Constraints

void Alteration::plan_use_index(const sql::Constraint& constraint) {
  const auto* index = relation_ ? relation_->index(constraint.using_index) : nullptr;
  if (constraint.kind != ConstraintKind::primary_key) return plan(Shape::use_index);
  if (!index) return plan(Shape::use_index_nullable, false);
  const bool proven = std::all_of(index->columns.begin(), index->columns.end(),
                                  [&](const std::string& one) { return relation_->proven_not_null(one); });
  plan(proven ? Shape::use_index : Shape::use_index_nullable);
}

void Alteration::plan_add_constraint(const sql::Constraint& constraint) {
  switch (constraint.kind) {
    case ConstraintKind::check:
      if (constraint.not_valid) return plan(Shape::add_check_not_valid);
      return plan(constraint.no_inherit ? Shape::add_check_no_inherit : Shape::add_check);
    case ConstraintKind::not_null:
      return plan(constraint.not_valid ? Shape::add_not_null_not_valid : Shape::add_not_null);
    case ConstraintKind::foreign_key:
      return plan(constraint.not_valid ? Shape::add_foreign_key_not_valid : Shape::add_foreign_key, &Places::referenced,
                  {constraint.references});
    case ConstraintKind::exclusion: return plan(Shape::add_exclusion);
    case ConstraintKind::unique:
    case ConstraintKind::primary_key: {
      if (!constraint.using_index.empty()) return plan_use_index(constraint);
      const bool nullable = constraint.kind == ConstraintKind::primary_key && relation_ &&
                            !std::all_of(constraint.columns.begin(), constraint.columns.end(), [&](const auto& one) {
                              return relation_->proven_not_null(one);
                            });
      if (nullable) return plan(Shape::add_unique_nullable);
      return plan(constraint.deferrable ? Shape::add_unique_deferrable : Shape::add_unique);
    }
    default: to_.may_do_more();
  }
}

void Alteration::plan_validate(const AlterCommand& command) {
  const auto* found = relation_ ? relation_->constraint(command.name) : nullptr;
  if (!found) return plan(Shape::validate_check, false);
  if (found->valid) return plan(Shape::validate_validated);
  if (found->kind != ConstraintKind::foreign_key) return plan(Shape::validate_check);
  plan(Shape::validate_foreign_key, &Places::referenced, {found->references});
}

void Alteration::plan_drop_constraint(const AlterCommand& command) {
  const auto* found = relation_ ? relation_->constraint(command.name) : nullptr;
  plan(Shape::drop_constraint);
  if (!found) return;
  if (found->kind == ConstraintKind::foreign_key) plan(Shape::drop_foreign_key, &Places::referenced, {found->references});
  if (!command.cascade) return;
  Names referencing;
  for (const auto& key : to_.schema.inbound_keys(alter_.name)) {
    if (key.referenced_columns == found->columns) referencing.push_back(key.table);
  }
  plan(Shape::drop_key_cascade, &Places::referencing, std::move(referencing));
}

// ---- Partitions

// The partition needs an index for each of the partitioned table's.
bool lacks_an_index(const catalog::Relation& parent, const catalog::Relation* partition) {
  return std::any_of(parent.indexes.begin(), parent.indexes.end(), [&](const catalog::Index& wanted) {
    return !partition || std::none_of(partition->indexes.begin(), partition->indexes.end(), [&](const auto& has) {
      return has.columns == wanted.columns && has.unique == wanted.unique && has.method == wanted.method &&
             has.predicate == wanted.predicate && has.valid;
    });
  });
}

void Alteration::plan_attach(const AlterCommand& command) {
  const auto* partition = to_.find(command.other);
  const bool checked = !partition || std::any_of(partition->constraints.begin(), partition->constraints.end(),
                                                 [](const auto& one) { return one.kind == ConstraintKind::check && one.valid; });
  plan(checked ? Shape::attach_partition_proven : Shape::attach_partition, &Places::others, {command.other});
  if (relation_ && lacks_an_index(*relation_, partition)) {
    plan(Shape::attach_partition_indexing, &Places::others, {command.other}, partition != nullptr);
  }
  Names referenced = to_.referenced_by(alter_.name);
  if (referenced.empty()) return;
  plan(Shape::attach_partition_referencing, &Places::others, {command.other});
  planned_.back().places.referenced = std::move(referenced);
}

void Alteration::plan_detach(const AlterCommand& command) {
  if (command.concurrently) return plan(Shape::detach_partition_concurrently, &Places::others, {command.other});
  plan(Shape::detach_partition, &Places::others, {command.other});
  Names referenced = to_.referenced_by(alter_.name);
  if (!referenced.empty()) {
    plan(Shape::detach_partition_referencing, &Places::others, {command.other});
    planned_.back().places.referenced = std::move(referenced);
  }
}

}  // namespace

void gather(Gathering& to, const sql::AlterTable& alter) { Alteration(to, alter).run(); }

}  // namespace migrate::rules
