// Statements that work on tables as they are, and those of the session.
#include <array>

#include <migrate/base/text.hpp>

#include "sql/model/readers.hpp"
#include "sql/option.hpp"

namespace migrate::sql {
namespace {

// By LOCKMODE of PostgreSQL's lockdefs.h, from 1.
constexpr std::array<std::string_view, 9> lock_modes{
    "",      "ACCESS SHARE",        "ROW SHARE", "ROW EXCLUSIVE",   "SHARE UPDATE EXCLUSIVE",
    "SHARE", "SHARE ROW EXCLUSIVE", "EXCLUSIVE", "ACCESS EXCLUSIVE"};

std::string to_value(const PgQuery__Node* node) {
  while (node && node->node_case == PG_QUERY__NODE__NODE_TYPE_CAST) node = node->type_cast->arg;
  const auto* constant = as(node, PG_QUERY__NODE__NODE_A_CONST, &PgQuery__Node::a_const);
  if (!constant) return {};
  switch (constant->val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL: return std::to_string(constant->ival->ival);
    case PG_QUERY__A__CONST__VAL_FVAL: return constant->fval->fval;
    case PG_QUERY__A__CONST__VAL_BOOLVAL: return constant->boolval->boolval ? "true" : "false";
    case PG_QUERY__A__CONST__VAL_SVAL: return constant->sval->sval;
    default: return {};
  }
}

}  // namespace

Truncate read_truncate(const PgQuery__TruncateStmt& statement, const StatementTokens& tokens) {
  return {to_names(Nodes(statement.relations, statement.n_relations), tokens),
          statement.behavior == PG_QUERY__DROP_BEHAVIOR__DROP_CASCADE, statement.restart_seqs != 0};
}

LockTable read_lock(const PgQuery__LockStmt& statement, const StatementTokens& tokens) {
  const auto mode = static_cast<std::size_t>(statement.mode);
  return {to_names(Nodes(statement.relations, statement.n_relations), tokens),
          std::string(mode < lock_modes.size() ? lock_modes[mode] : std::string_view())};
}

Vacuum read_vacuum(const PgQuery__VacuumStmt& statement, const StatementTokens& tokens) {
  Vacuum vacuum;
  vacuum.analyze_only = !statement.is_vacuumcmd;
  vacuum.full = option_is_on(Options(statement.options, statement.n_options), "full", false);
  for (const PgQuery__Node* node : Nodes(statement.rels, statement.n_rels)) {
    const auto* relation = as(node, PG_QUERY__NODE__NODE_VACUUM_RELATION, &PgQuery__Node::vacuum_relation);
    if (relation && relation->relation) vacuum.tables.push_back(to_name(*relation->relation, tokens));
  }
  return vacuum;
}

Cluster read_cluster(const PgQuery__ClusterStmt& statement, const StatementTokens& tokens) {
  if (!statement.relation) return {};
  return {to_name(*statement.relation, tokens)};
}

Transaction read_transaction(const PgQuery__TransactionStmt& statement) {
  switch (statement.kind) {
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_START: return {"START TRANSACTION"};
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT: return {"COMMIT"};
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK: return {"ROLLBACK"};
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_SAVEPOINT: return {"SAVEPOINT"};
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_RELEASE: return {"RELEASE SAVEPOINT"};
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_TO: return {"ROLLBACK TO SAVEPOINT"};
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_PREPARE: return {"PREPARE TRANSACTION"};
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_COMMIT_PREPARED: return {"COMMIT PREPARED"};
    case PG_QUERY__TRANSACTION_STMT_KIND__TRANS_STMT_ROLLBACK_PREPARED: return {"ROLLBACK PREPARED"};
    default: return {"BEGIN"};
  }
}

SetVariable read_set_variable(const PgQuery__VariableSetStmt& statement, const StatementTokens& tokens) {
  SetVariable set;
  set.name = to_lower_ascii(statement.name);
  set.local = statement.is_local;
  set.reset = statement.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_SET_DEFAULT ||
              statement.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET ||
              statement.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL;
  if (statement.kind == PG_QUERY__VARIABLE_SET_KIND__VAR_RESET_ALL) set.name = "all";
  for (const PgQuery__Node* value : Nodes(statement.args, statement.n_args)) {
    // The modes of SET TRANSACTION are options.
    const auto* option = as_option(value);
    set.values.push_back(option ? std::string(option->defname) : to_value(value));
  }
  std::size_t end = tokens.is_word(1, "local") ? 2 : 1;
  const bool is_scope =
      tokens.is_word(1, "session") && !tokens.is_word(2, "authorization") && !tokens.is_word(2, "characteristics");
  if (is_scope) end = 2;
  set.keyword_range = tokens.range(0, end);
  return set;
}

}  // namespace migrate::sql
