// Statements that read and change rows.
#include <algorithm>

#include "sql/model/readers.hpp"

namespace migrate::sql {
namespace {

bool changes_rows(const PgQuery__Node* node) {
  if (!node) return false;
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_INSERT_STMT:
    case PG_QUERY__NODE__NODE_UPDATE_STMT:
    case PG_QUERY__NODE__NODE_DELETE_STMT:
    case PG_QUERY__NODE__NODE_MERGE_STMT: return true;
    default: return false;
  }
}

std::vector<std::string> to_columns(Nodes targets) {
  std::vector<std::string> columns;
  for (const PgQuery__Node* node : targets) {
    if (const auto* target = as(node, PG_QUERY__NODE__NODE_RES_TARGET, &PgQuery__Node::res_target)) {
      columns.emplace_back(target->name);
    }
  }
  return columns;
}

bool is_query(const PgQuery__Node* source) {
  const auto* select = as(source, PG_QUERY__NODE__NODE_SELECT_STMT, &PgQuery__Node::select_stmt);
  return select && select->n_values_lists == 0;
}

const PgQuery__RangeVar* read_own_parts(const PgQuery__InsertStmt& insert, ChangeRows& rows) {
  rows.kind = ChangeRows::Kind::insert;
  rows.from_query = is_query(insert.select_stmt);
  rows.columns = to_columns(Nodes(insert.cols, insert.n_cols));
  return insert.relation;
}

const PgQuery__RangeVar* read_own_parts(const PgQuery__UpdateStmt& update, ChangeRows& rows) {
  rows.kind = ChangeRows::Kind::update;
  rows.has_where = update.where_clause != nullptr;
  rows.from_query = update.n_from_clause > 0;
  rows.columns = to_columns(Nodes(update.target_list, update.n_target_list));
  return update.relation;
}

const PgQuery__RangeVar* read_own_parts(const PgQuery__DeleteStmt& remove, ChangeRows& rows) {
  rows.kind = ChangeRows::Kind::remove;
  rows.has_where = remove.where_clause != nullptr;
  rows.from_query = remove.n_using_clause > 0;
  return remove.relation;
}

const PgQuery__RangeVar* read_own_parts(const PgQuery__MergeStmt& merge, ChangeRows& rows) {
  rows.kind = ChangeRows::Kind::merge;
  rows.from_query = true;
  for (const PgQuery__Node* node : Nodes(merge.merge_when_clauses, merge.n_merge_when_clauses)) {
    const auto* when = as(node, PG_QUERY__NODE__NODE_MERGE_WHEN_CLAUSE, &PgQuery__Node::merge_when_clause);
    if (!when) continue;
    const auto columns = to_columns(Nodes(when->target_list, when->n_target_list));
    rows.columns.insert(rows.columns.end(), columns.begin(), columns.end());
  }
  return merge.relation;
}

const PgQuery__RangeVar* read_own_parts(const PgQuery__Node& statement, ChangeRows& rows) {
  switch (statement.node_case) {
    case PG_QUERY__NODE__NODE_INSERT_STMT: return read_own_parts(*statement.insert_stmt, rows);
    case PG_QUERY__NODE__NODE_UPDATE_STMT: return read_own_parts(*statement.update_stmt, rows);
    case PG_QUERY__NODE__NODE_DELETE_STMT: return read_own_parts(*statement.delete_stmt, rows);
    case PG_QUERY__NODE__NODE_MERGE_STMT: return read_own_parts(*statement.merge_stmt, rows);
    default: return nullptr;
  }
}

ChangeRows read_one(const PgQuery__Node& statement, const StatementTokens& tokens) {
  ChangeRows rows;
  const PgQuery__RangeVar* target = read_own_parts(statement, rows);
  rows.table = to_name(target, tokens);
  rows.reads = find_reads(statement.base, target, tokens);
  rows.functions = find_functions(statement.base);
  return rows;
}

// The changes in WITH, however deep, in the order of the text.
std::vector<ChangeRows> read_inside(const ProtobufCMessage& root, const StatementTokens& tokens) {
  std::vector<ChangeRows> inside;
  walk(root, [&](const ProtobufCMessage& message) {
    const auto* query = cast<PgQuery__CommonTableExpr>(message, pg_query__common_table_expr__descriptor);
    if (query && changes_rows(query->ctequery)) inside.push_back(read_one(*query->ctequery, tokens));
    return true;
  });
  return inside;
}

// SELECT ... INTO, in the first SELECT of a UNION as well.
const PgQuery__IntoClause* find_into(const PgQuery__SelectStmt& statement) {
  const PgQuery__SelectStmt* select = &statement;
  while (select->larg) select = select->larg;
  return select->into_clause;
}

bool locks_rows(const PgQuery__SelectStmt& statement) {
  bool found = false;
  walk(statement.base, [&](const ProtobufCMessage& message) {
    found = found || message.descriptor == &pg_query__locking_clause__descriptor;
    return !found;
  });
  return found;
}

}  // namespace

ChangeRows read_change_rows(const PgQuery__Node& statement, const StatementTokens& tokens) {
  ChangeRows rows = read_one(statement, tokens);
  rows.inside = read_inside(statement.base, tokens);
  return rows;
}

Action read_select(const PgQuery__SelectStmt& statement, const StatementTokens& tokens) {
  if (const PgQuery__IntoClause* into = find_into(statement)) {
    CreateTable table;
    table.name = to_name(into->rel, tokens);
    const std::string_view persistence = into->rel ? std::string_view(into->rel->relpersistence) : std::string_view();
    table.temporary = persistence == "t";
    table.unlogged = persistence == "u";
    table.as_query = true;
    table.reads = find_reads(statement.base, into->rel, tokens);
    return table;
  }
  if (auto inside = read_inside(statement.base, tokens); !inside.empty()) {
    ChangeRows first = std::move(inside.front());
    inside.erase(inside.begin());
    first.inside = std::move(inside);
    return first;
  }
  return Select{find_reads(statement.base, nullptr, tokens), find_functions(statement.base), locks_rows(statement)};
}

Copy read_copy(const PgQuery__CopyStmt& statement, const StatementTokens& tokens) {
  Copy copy;
  copy.table = to_name(statement.relation, tokens);
  copy.from = statement.is_from;
  copy.standard_stream = *statement.filename == '\0' && !statement.is_program;
  return copy;
}

}  // namespace migrate::sql
