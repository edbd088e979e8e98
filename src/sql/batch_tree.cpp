#include "sql/batch_tree.hpp"

#include <algorithm>
#include <string_view>

namespace migrate::sql {

const PgQuery__SelectStmt* as_select(const PgQuery__Node* node) {
  return as(node, PG_QUERY__NODE__NODE_SELECT_STMT, &PgQuery__Node::select_stmt);
}

std::optional<Change> read_change(const PgQuery__Node* node) {
  if (!node) return std::nullopt;
  switch (node->node_case) {
    case PG_QUERY__NODE__NODE_INSERT_STMT: {
      const auto& insert = *node->insert_stmt;
      Change change{.target = insert.relation, .query = as_select(insert.select_stmt), .with = insert.with_clause};
      change.on_conflict = insert.on_conflict_clause != nullptr;
      if (change.query) {
        change.where = change.query->where_clause;
        change.from = Nodes(change.query->from_clause, change.query->n_from_clause);
        if (!change.with) change.with = change.query->with_clause;
      }
      return change;
    }
    case PG_QUERY__NODE__NODE_UPDATE_STMT: {
      const auto& update = *node->update_stmt;
      return Change{.target = update.relation,
                    .where = update.where_clause,
                    .assigned = Nodes(update.target_list, update.n_target_list),
                    .from = Nodes(update.from_clause, update.n_from_clause),
                    .with = update.with_clause};
    }
    case PG_QUERY__NODE__NODE_DELETE_STMT: {
      const auto& remove = *node->delete_stmt;
      return Change{.target = remove.relation,
                    .where = remove.where_clause,
                    .from = Nodes(remove.using_clause, remove.n_using_clause),
                    .with = remove.with_clause};
    }
    default: return std::nullopt;
  }
}

Nodes queries_of(const PgQuery__WithClause* with) { return with ? Nodes(with->ctes, with->n_ctes) : Nodes(); }

const PgQuery__CommonTableExpr* as_query(const PgQuery__Node* node) {
  return as(node, PG_QUERY__NODE__NODE_COMMON_TABLE_EXPR, &PgQuery__Node::common_table_expr);
}

bool is_query_name(const Change& change, const PgQuery__RangeVar& relation) {
  if (*relation.schemaname != '\0') return false;
  const auto queries = queries_of(change.with);
  return std::any_of(queries.begin(), queries.end(), [&](const PgQuery__Node* node) {
    const auto* query = as_query(node);
    return query && std::string_view(query->ctename) == relation.relname;
  });
}

bool same_table(const PgQuery__RangeVar& a, const PgQuery__RangeVar& b) {
  return std::string_view(a.relname) == b.relname && std::string_view(a.schemaname) == b.schemaname;
}

bool could_be_same_table(const PgQuery__RangeVar& a, const PgQuery__RangeVar& b) {
  const bool unqualified = *a.schemaname == '\0' || *b.schemaname == '\0';
  return unqualified ? std::string_view(a.relname) == b.relname : same_table(a, b);
}

std::vector<const PgQuery__RangeVar*> joined_tables(const Change& change) {
  std::vector<const PgQuery__RangeVar*> found;
  const auto look_into = [&](const ProtobufCMessage& root, bool knows_queries) {
    walk(root, [&](const ProtobufCMessage& message) {
      if (message.descriptor == &pg_query__sub_link__descriptor) return false;
      const auto* table = cast<PgQuery__RangeVar>(message, pg_query__range_var__descriptor);
      if (table && !(knows_queries && is_query_name(change, *table))) found.push_back(table);
      return true;
    });
  };
  for (const PgQuery__Node* node : change.from) look_into(node->base, true);
  for (const PgQuery__Node* node : queries_of(change.with)) {
    // A name in there may be the table's, though a query has it too.
    if (const auto* query = as_query(node); query && query->ctequery) look_into(query->ctequery->base, false);
  }
  return found;
}

namespace {

bool is_limited(const ProtobufCMessage& message) {
  const auto* select = cast<PgQuery__SelectStmt>(message, pg_query__select_stmt__descriptor);
  return select && select->limit_count;
}

}  // namespace

bool has_limit(const ProtobufCMessage& root) {
  bool found = false;
  walk(root, [&](const ProtobufCMessage& message) {
    found = found || is_limited(message);
    return !found;
  });
  return found;
}

bool chooses_by_limit(const ProtobufCMessage& root) {
  bool found = false;
  walk(root, [&](const ProtobufCMessage& message) {
    if (const auto* link = cast<PgQuery__SubLink>(message, pg_query__sub_link__descriptor)) {
      return link->sub_link_type != PG_QUERY__SUB_LINK_TYPE__EXPR_SUBLINK &&
             link->sub_link_type != PG_QUERY__SUB_LINK_TYPE__EXISTS_SUBLINK;
    }
    const auto* from = cast<PgQuery__RangeSubselect>(message, pg_query__range_subselect__descriptor);
    if (from && from->lateral) return false;
    found = found || is_limited(message);
    return !found;
  });
  return found;
}

std::vector<std::string> columns_in(const ProtobufCMessage& root) {
  std::vector<std::string> names;
  walk(root, [&](const ProtobufCMessage& message) {
    if (const auto* column = cast<PgQuery__ColumnRef>(message, pg_query__column_ref__descriptor)) {
      const auto parts = to_strings(Nodes(column->fields, column->n_fields));
      if (!parts.empty()) names.push_back(parts.back());
    }
    return true;
  });
  return names;
}

}  // namespace migrate::sql
