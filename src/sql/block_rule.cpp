#include "sql/block_rule.hpp"

#include <algorithm>
#include <array>

#include "sql/option.hpp"

namespace migrate::sql {
namespace {

constexpr BlockFacts allowed{};
constexpr BlockFacts forbidden{BlockRule::forbidden, TransactionControl::none, false};
constexpr BlockFacts forbidden_concurrently{BlockRule::forbidden, TransactionControl::none, true};

constexpr BlockFacts control(TransactionControl kind) { return {BlockRule::transaction_control, kind, false}; }

BlockFacts facts_of(const PgQuery__TransactionStmt& statement) {
  switch (statement.kind) {
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_BEGIN:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START: return control(TransactionControl::begin);
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT: return control(TransactionControl::commit);
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK: return control(TransactionControl::rollback);
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT_PREPARED:
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_PREPARED: return forbidden;
    default: return control(TransactionControl::other);
  }
}

// Of a partitioned table or index REINDEX is refused too, but only the catalog knows that it is one.
BlockFacts facts_of(const PgQuery__ReindexStmt& statement) {
  if (option_is_on(Options(statement.params, statement.n_params), "concurrently", false)) {
    return forbidden_concurrently;
  }
  const bool is_one_relation = statement.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_INDEX ||
                               statement.kind == PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_TABLE;
  return is_one_relation ? allowed : forbidden;
}

BlockFacts facts_of(const PgQuery__AlterTableStmt& statement) {
  for (const PgQuery__Node* node : std::span(statement.cmds, statement.n_cmds)) {
    const PgQuery__AlterTableCmd& command = *node->alter_table_cmd;
    if (command.subtype == PG_QUERY__ALTER_TABLE_TYPE__AT_DetachPartition && command.def &&
        command.def->node_case == PG_QUERY__NODE__NODE_PARTITION_CMD && command.def->partition_cmd->concurrent) {
      return forbidden_concurrently;
    }
  }
  return allowed;
}

// A replication slot is made on the publisher, which no ROLLBACK here can undo.
BlockFacts facts_of(const PgQuery__CreateSubscriptionStmt& statement) {
  const Options options(statement.options, statement.n_options);
  const bool connects = option_is_on(options, "connect", true);
  return option_is_on(options, "create_slot", connects) ? forbidden : allowed;
}

// With `failover` or `two_phase` (17 and 18) the publisher's slot is altered.
BlockFacts facts_of(const PgQuery__AlterSubscriptionStmt& statement) {
  const Options options(statement.options, statement.n_options);
  switch (statement.kind) {
    case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_REFRESH: return forbidden;
    case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_SET_PUBLICATION:
    case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_ADD_PUBLICATION:
    case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_DROP_PUBLICATION:
      return option_is_on(options, "refresh", true) ? forbidden : allowed;
    case PG_QUERY__ALTER_SUBSCRIPTION_TYPE__ALTER_SUBSCRIPTION_OPTIONS:
      return find_option(options, "failover") || find_option(options, "two_phase") ? forbidden : allowed;
    default: return allowed;
  }
}

}  // namespace

BlockFacts block_facts(const PgQuery__Node& statement) {
  switch (statement.node_case) {
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT: return facts_of(*statement.transaction_stmt);
    case PG_QUERY__NODE__NODE_CREATEDB_STMT:
    case PG_QUERY__NODE__NODE_DROPDB_STMT:
    case PG_QUERY__NODE__NODE_CREATE_TABLE_SPACE_STMT:
    case PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT:
    case PG_QUERY__NODE__NODE_ALTER_SYSTEM_STMT: return forbidden;
    case PG_QUERY__NODE__NODE_ALTER_DATABASE_STMT: {
      const auto& alter = *statement.alter_database_stmt;
      return find_option(Options(alter.options, alter.n_options), "tablespace") ? forbidden : allowed;
    }
    case PG_QUERY__NODE__NODE_INDEX_STMT: return statement.index_stmt->concurrent ? forbidden_concurrently : allowed;
    case PG_QUERY__NODE__NODE_DROP_STMT: return statement.drop_stmt->concurrent ? forbidden_concurrently : allowed;
    case PG_QUERY__NODE__NODE_REINDEX_STMT: return facts_of(*statement.reindex_stmt);
    // VACUUM and ANALYZE are one node.
    case PG_QUERY__NODE__NODE_VACUUM_STMT: return statement.vacuum_stmt->is_vacuumcmd ? forbidden : allowed;
    case PG_QUERY__NODE__NODE_CLUSTER_STMT: return statement.cluster_stmt->relation ? allowed : forbidden;
    case PG_QUERY__NODE__NODE_DISCARD_STMT:
      return statement.discard_stmt->target == PG_QUERY__DISCARD_MODE__DISCARD_ALL ? forbidden : allowed;
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT: return facts_of(*statement.alter_table_stmt);
    case PG_QUERY__NODE__NODE_CREATE_SUBSCRIPTION_STMT: return facts_of(*statement.create_subscription_stmt);
    case PG_QUERY__NODE__NODE_ALTER_SUBSCRIPTION_STMT: return facts_of(*statement.alter_subscription_stmt);
    // Refused where the subscription has a slot, which it has unless told otherwise.
    case PG_QUERY__NODE__NODE_DROP_SUBSCRIPTION_STMT: return forbidden;
    default: return allowed;
  }
}

BlockFacts block_facts_of_tag(std::string_view tag) {
  struct Row {
    std::string_view tag;
    BlockFacts facts;
  };
  static constexpr std::array rows{
      Row{"CREATE INDEX CONCURRENTLY", forbidden_concurrently},
      Row{"DROP INDEX CONCURRENTLY", forbidden_concurrently},
      Row{"REINDEX INDEX CONCURRENTLY", forbidden_concurrently},
      Row{"REINDEX TABLE CONCURRENTLY", forbidden_concurrently},
      Row{"REINDEX SCHEMA CONCURRENTLY", forbidden_concurrently},
      Row{"REINDEX DATABASE CONCURRENTLY", forbidden_concurrently},
      Row{"REINDEX SYSTEM CONCURRENTLY", forbidden_concurrently},
      Row{"REINDEX CONCURRENTLY", forbidden_concurrently},
      Row{"REINDEX SCHEMA", forbidden},
      Row{"REINDEX DATABASE", forbidden},
      Row{"REINDEX SYSTEM", forbidden},
      Row{"VACUUM", forbidden},
      Row{"CREATE DATABASE", forbidden},
      Row{"DROP DATABASE", forbidden},
      Row{"CREATE TABLESPACE", forbidden},
      Row{"DROP TABLESPACE", forbidden},
      Row{"ALTER SYSTEM", forbidden},
      Row{"CREATE SUBSCRIPTION", forbidden},
      Row{"DROP SUBSCRIPTION", forbidden},
      Row{"DISCARD ALL", forbidden},
      Row{"COMMIT PREPARED", forbidden},
      Row{"ROLLBACK PREPARED", forbidden},
      Row{"BEGIN", control(TransactionControl::begin)},
      Row{"START TRANSACTION", control(TransactionControl::begin)},
      Row{"COMMIT", control(TransactionControl::commit)},
      Row{"END", control(TransactionControl::commit)},
      Row{"ROLLBACK", control(TransactionControl::rollback)},
      Row{"SAVEPOINT", control(TransactionControl::other)},
      Row{"RELEASE SAVEPOINT", control(TransactionControl::other)},
      Row{"ROLLBACK TO SAVEPOINT", control(TransactionControl::other)},
      Row{"PREPARE TRANSACTION", control(TransactionControl::other)},
  };
  const auto* row = std::find_if(rows.begin(), rows.end(), [&](const Row& candidate) { return candidate.tag == tag; });
  return row == rows.end() ? allowed : row->facts;
}

}  // namespace migrate::sql
