// The shapes of statements that differ in what they do to relations: one row of the table each, or one per version.
#pragma once

#include <migrate/rules/effects.hpp>

namespace migrate::rules {

enum class Shape : std::uint8_t {
  // columns
  add_column, add_column_rewriting, add_column_numbered, add_column_stored, add_column_virtual, add_column_of_domain,
  add_column_not_null, add_column_checked, add_column_referencing, add_column_referencing_default, add_column_unique,
  nothing_to_alter, drop_column, drop_column_of_key, drop_column_cascade, change_default, set_not_null,
  set_not_null_proven, drop_not_null, set_statistics, set_storage, set_compression, column_options, drop_expression,
  set_expression, set_expression_virtual, add_identity, change_identity,
  // types of columns
  set_type_free, set_type_rewriting, set_type_reindexing, set_type_checking, set_type_of_key, set_type_of_key_free,
  // constraints
  add_check, add_check_not_valid, add_check_no_inherit, add_foreign_key, add_foreign_key_not_valid, add_unique, add_unique_deferrable,
  add_unique_nullable, add_exclusion, use_index, use_index_nullable, add_not_null, add_not_null_not_valid, validate_check,
  validate_foreign_key, validate_validated, alter_constraint, drop_constraint, drop_foreign_key, drop_key_cascade,
  rename_constraint, rename_key,
  // tables
  create_table, create_table_referencing, create_table_like, create_table_inheriting, create_table_reading,
  create_partition, drop_table, drop_partition, drop_table_of_key, drop_table_cascade, rename_table, rename_column,
  set_schema, set_owner, set_logged, set_options, set_strict_options, cluster_on, replica_identity, row_security,
  set_access_method, set_tablespace, of_type, truncate, truncate_cascade, lock_table,
  // inheritance and partitions
  inherit, no_inherit, attach_partition, attach_partition_proven,
  attach_partition_indexing, attach_partition_referencing, detach_partition,
  detach_partition_referencing, detach_partition_concurrently, finalize_detach,
  // triggers, policies, rules
  alter_trigger, create_trigger, create_row_trigger, drop_trigger, rename_trigger, policy, rule,
  // indexes
  create_index, create_index_only, create_index_there, create_index_concurrently, drop_index, drop_index_concurrently,
  rename_index, rename_index_as_table, index_options, index_strict_options, index_tablespace, attach_index, reindex_index,
  reindex_table, reindex_concurrently, reindex_partitioned, reindex_many,
  // maintenance
  vacuum, vacuum_full, analyze, cluster, cluster_partitioned, cluster_all, refresh, refresh_empty, refresh_concurrently,
  statistics, publication,
  // other objects
  comment, comment_on_part, grant, create_view, replace_view, alter_view, drop_view, drop_materialized_view,
  alter_materialized_view, create_sequence_owned, alter_sequence, alter_sequence_owner, rename_sequence, drop_sequence,
  validate_domain, drop_type_cascade, no_relation, no_transaction,
  // rows
  select, select_for_update, insert, insert_referencing, change_rows, change_referencing, remove_referenced,
  remove_referenced_cascade, copy_to, copy_from,
};

}  // namespace migrate::rules
