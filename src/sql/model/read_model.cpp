#include <algorithm>

#include "sql/limits.hpp"
#include "sql/model/readers.hpp"
#include "sql/option.hpp"
#include "sql/partial_scan.hpp"
#include "sql/statement_head.hpp"
#include "sql/try_parse.hpp"

namespace migrate::sql {
namespace {

CreateSequence read_create_sequence(const PgQuery__CreateSeqStmt& statement, const StatementTokens& tokens) {
  return {to_name(statement.sequence, tokens), statement.if_not_exists != 0,
          statement.sequence && std::string_view(statement.sequence->relpersistence) == "t"};
}

AlterSequence read_alter_sequence(const PgQuery__AlterSeqStmt& statement, const StatementTokens& tokens) {
  return {to_name(statement.sequence, tokens),
          find_option(Options(statement.options, statement.n_options), "restart") != nullptr};
}

CreateStatistics read_create_statistics(const PgQuery__CreateStatsStmt& statement, const StatementTokens& tokens) {
  QualifiedName name = to_name(Nodes(statement.defnames, statement.n_defnames));
  name.range = tokens.name_range(tokens.after_head({"create", "statistics", "if not exists"}));
  return {std::move(name), to_names(Nodes(statement.relations, statement.n_relations), tokens)};
}

// Tables, indexes and what goes through them.
Action read_relation_statement(const PgQuery__Node& node, const std::string& tag, const StatementTokens& tokens) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_STMT: return read_create_table(*node.create_stmt, tokens);
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT:
      return read_create_foreign_table(*node.create_foreign_table_stmt, tokens);
    case PG_QUERY__NODE__NODE_CREATE_TABLE_AS_STMT: return read_create_as(*node.create_table_as_stmt, tokens);
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT: return read_alter_table(*node.alter_table_stmt, tokens);
    case PG_QUERY__NODE__NODE_INDEX_STMT: return read_create_index(*node.index_stmt, tokens);
    case PG_QUERY__NODE__NODE_CREATE_SEQ_STMT: return read_create_sequence(*node.create_seq_stmt, tokens);
    case PG_QUERY__NODE__NODE_ALTER_SEQ_STMT: return read_alter_sequence(*node.alter_seq_stmt, tokens);
    case PG_QUERY__NODE__NODE_VIEW_STMT: return read_create_view(*node.view_stmt, tokens);
    case PG_QUERY__NODE__NODE_REFRESH_MAT_VIEW_STMT: {
      const auto& refresh = *node.refresh_mat_view_stmt;
      return RefreshView{to_name(refresh.relation, tokens), refresh.concurrent != 0, !refresh.skip_data};
    }
    case PG_QUERY__NODE__NODE_CREATE_STATS_STMT: return read_create_statistics(*node.create_stats_stmt, tokens);
    case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT: return read_create_trigger(*node.create_trig_stmt, tokens);
    case PG_QUERY__NODE__NODE_CREATE_POLICY_STMT:
      return CreatePolicy{node.create_policy_stmt->policy_name, to_name(node.create_policy_stmt->table, tokens)};
    case PG_QUERY__NODE__NODE_RULE_STMT:
      return CreateRule{node.rule_stmt->rulename, to_name(node.rule_stmt->relation, tokens)};
    case PG_QUERY__NODE__NODE_SELECT_STMT: return read_select(*node.select_stmt, tokens);
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT: return read_change_rows(node, tokens);
    case PG_QUERY__NODE__NODE_TRUNCATE_STMT: return read_truncate(*node.truncate_stmt, tokens);
    case PG_QUERY__NODE__NODE_LOCK_STMT: return read_lock(*node.lock_stmt, tokens);
    case PG_QUERY__NODE__NODE_REINDEX_STMT: return read_reindex(*node.reindex_stmt, tokens);
    case PG_QUERY__NODE__NODE_VACUUM_STMT: return read_vacuum(*node.vacuum_stmt, tokens);
    case PG_QUERY__NODE__NODE_CLUSTER_STMT: return read_cluster(*node.cluster_stmt, tokens);
    case PG_QUERY__NODE__NODE_COPY_STMT: return read_copy(*node.copy_stmt, tokens);
    default: return read_other(node, tag, tokens);
  }
}

Action read_statement(const PgQuery__Node& node, const std::string& tag, const StatementTokens& tokens) {
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_DROP_STMT: return read_drop(*node.drop_stmt, tokens);
    case PG_QUERY__NODE__NODE_DROPDB_STMT:
    case PG_QUERY__NODE__NODE_DROP_ROLE_STMT:
    case PG_QUERY__NODE__NODE_DROP_TABLE_SPACE_STMT:
    case PG_QUERY__NODE__NODE_DROP_SUBSCRIPTION_STMT: return read_drop_shared(node, tokens);
    case PG_QUERY__NODE__NODE_RENAME_STMT: return read_rename(*node.rename_stmt, tokens);
    case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT: return read_set_schema(*node.alter_object_schema_stmt, tokens);
    case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT: return read_create_schema(*node.create_schema_stmt, tokens);
    case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT: return read_create_enum(*node.create_enum_stmt, tokens);
    case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT: return read_alter_enum(*node.alter_enum_stmt, tokens);
    case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT:
    case PG_QUERY__NODE__NODE_CREATE_RANGE_STMT: return read_create_type(node, tokens);
    case PG_QUERY__NODE__NODE_DEFINE_STMT:
      if (node.define_stmt->kind == PG_QUERY__OBJECT_TYPE__OBJECT_TYPE) return read_create_type(node, tokens);
      return read_other(node, tag, tokens);
    case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT: return read_create_domain(*node.create_domain_stmt, tokens);
    case PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT: return read_alter_domain(*node.alter_domain_stmt, tokens);
    case PG_QUERY__NODE__NODE_CREATE_FUNCTION_STMT: return read_create_function(*node.create_function_stmt, tokens);
    case PG_QUERY__NODE__NODE_DO_STMT: return read_do(*node.do_stmt, tokens);
    case PG_QUERY__NODE__NODE_CREATE_EXTENSION_STMT:
      return CreateExtension{node.create_extension_stmt->extname, node.create_extension_stmt->if_not_exists != 0};
    case PG_QUERY__NODE__NODE_COMMENT_STMT: return read_comment(*node.comment_stmt, tokens);
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT: return read_set_variable(*node.variable_set_stmt, tokens);
    case PG_QUERY__NODE__NODE_GRANT_STMT: return read_grant(*node.grant_stmt, tokens);
    case PG_QUERY__NODE__NODE_GRANT_ROLE_STMT: return read_grant_role(*node.grant_role_stmt, tokens);
    case PG_QUERY__NODE__NODE_TRANSACTION_STMT: return read_transaction(*node.transaction_stmt);
    default: return read_relation_statement(node, tag, tokens);
  }
}

std::string read_tag(std::span<const Token> tokens, std::string_view source) {
  std::vector<Token> words;
  for (const Token& token : tokens) {
    if (token.range.begin - tokens.front().range.begin > head_size) break;
    if (token.kind != TokenKind::comment) words.push_back(token);
  }
  return read_head(words, source).tag;
}

}  // namespace

Model model_of(const SourcePtr& source, ByteRange statement, const std::optional<Parsed>& tree) {
  const std::string_view text = source->text(statement);
  const bool is_data = text.size() > largest_parsed;
  Model model;
  model.tokens = scan_partially(is_data ? text.substr(0, head_size) : text).tokens;
  for (Token& token : model.tokens) {
    token.range.begin += statement.begin;
    token.range.end += statement.begin;
  }
  const std::string tag = read_tag(model.tokens, source->text());
  model.action = Other{tag, {}};
  model.parsed = false;
  if (!tree) return model;
  const StatementTokens tokens(source->text(), statement, model.tokens);
  if (!*tree) {
    model.action = read_unparsed(tag, tokens);
    return model;
  }
  model.parsed = true;
  if (const PgQuery__Node* node = (*tree)->statement()) model.action = read_statement(*node, tag, tokens);
  if (text.size() > largest_change_kept_whole && std::holds_alternative<ChangeRows>(model.action)) {
    const std::size_t kept = statement.begin + head_size;
    std::erase_if(model.tokens, [&](const Token& token) { return token.range.begin > kept; });
    model.tokens.shrink_to_fit();
  }
  return model;
}

Model read_model(const SourcePtr& source, ByteRange statement) {
  return model_of(source, statement, try_parse(source->text(statement)));
}

Understood understand(const SourcePtr& source, ByteRange statement) {
  const std::string_view text = source->text(statement);
  const auto tree = try_parse(text);
  return {facts_of(text, tree), model_of(source, statement, tree)};
}

}  // namespace migrate::sql
