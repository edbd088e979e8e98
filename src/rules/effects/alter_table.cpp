#include <algorithm>
#include <array>

#include "rules/effects/alteration.hpp"

namespace migrate::rules {
namespace {

using sql::AlterCommand;
using sql::AlterKind;
using sql::ConstraintKind;
using sql::ObjectKind;

// Storage parameters that PostgreSQL changes under ACCESS EXCLUSIVE. Source: reloptions.c, of tables and of indexes.
constexpr std::array strict_options{"user_catalog_table", "autosummarize",   "fastupdate",
                                    "buffering",          "pages_per_range", "gin_pending_list_limit"};

bool has_strict_option(const AlterCommand& command) {
  return std::any_of(command.options.begin(), command.options.end(), [](const std::string& option) {
    return std::find(strict_options.begin(), strict_options.end(), option) != strict_options.end();
  });
}

// The partition needs an index for each of the partitioned table's.
bool lacks_an_index(const catalog::Relation& parent, const catalog::Relation* partition) {
  return std::any_of(parent.indexes.begin(), parent.indexes.end(), [&](const catalog::Index& wanted) {
    return !partition || std::none_of(partition->indexes.begin(), partition->indexes.end(), [&](const auto& has) {
      return has.columns == wanted.columns && has.unique == wanted.unique && has.method == wanted.method &&
             has.predicate == wanted.predicate && has.valid;
    });
  });
}

}  // namespace

void Alteration::plan_index(const AlterCommand& command) {
  switch (command.kind) {
    case AlterKind::attach_partition: return plan_attach_index(command);
    case AlterKind::set_tablespace: return plan(Shape::index_tablespace);
    case AlterKind::set_options:
    case AlterKind::reset_options:
      return plan(has_strict_option(command) ? Shape::index_strict_options : Shape::index_options);
    default: return plan(Shape::index_options);
  }
}

void Alteration::plan_attach_index(const AlterCommand& command) {
  plan(Shape::attach_index, &Places::others, {command.other});
  if (const auto* owner = to_.schema.find_index(command.other).first) planned_.back().places.reads = {owner->name};
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
    case AlterKind::set_unlogged: return plan(Shape::set_logged, &Places::sequences, to_.sequences_of(alter_.name));
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
                            !std::all_of(constraint.columns.begin(), constraint.columns.end(),
                                         [&](const auto& one) { return relation_->proven_not_null(one); });
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
  if (found->kind == ConstraintKind::foreign_key)
    plan(Shape::drop_foreign_key, &Places::referenced, {found->references});
  if (!command.cascade) return;
  Names referencing;
  for (const auto& key : to_.schema.inbound_keys(alter_.name)) {
    if (key.referenced_columns == found->columns) referencing.push_back(key.table);
  }
  plan(Shape::drop_key_cascade, &Places::referencing, std::move(referencing));
}

// ---- Partitions

void Alteration::plan_attach(const AlterCommand& command) {
  Names attached = to_.descendants(command.other);
  attached.insert(attached.begin(), command.other);
  const auto* partition = to_.find(command.other);
  const bool checked =
      !partition || std::any_of(partition->constraints.begin(), partition->constraints.end(),
                                [](const auto& one) { return one.kind == ConstraintKind::check && one.valid; });
  plan(checked ? Shape::attach_partition_proven : Shape::attach_partition, &Places::others, attached);
  if (relation_ && lacks_an_index(*relation_, partition)) {
    plan(Shape::attach_partition_indexing, &Places::others, attached, partition != nullptr);
  }
  plan_keys(Shape::attach_partition_of_key);
}

// Foreign keys of the partitioned table, and those that refer to it.
void Alteration::plan_keys(Shape shape) {
  Names referenced = to_.referenced_by(alter_.name);
  Names referencing = to_.referencing(alter_.name);
  if (referenced.empty() && referencing.empty()) return;
  plan(shape, &Places::referenced, std::move(referenced));
  planned_.back().places.referencing = std::move(referencing);
}

void Alteration::plan_detach(const AlterCommand& command) {
  if (command.concurrently) return plan(Shape::detach_partition_concurrently, &Places::others, {command.other});
  plan(Shape::detach_partition, &Places::others, {command.other});
  plan_keys(Shape::detach_partition_of_key);
}

void gather(Gathering& to, const sql::AlterTable& alter) { Alteration(to, alter).run(); }

}  // namespace migrate::rules
