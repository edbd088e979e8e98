#include "sql/model/parts.hpp"
#include "sql/model/readers.hpp"

namespace migrate::sql {
namespace {

// Bits of TableLikeOption in PostgreSQL's parsenodes.h.
constexpr std::uint32_t like_constraints = 1U << 2U;
constexpr std::uint32_t like_defaults = 1U << 3U;
constexpr std::uint32_t like_indexes = 1U << 6U;

void set_persistence(const PgQuery__RangeVar& relation, CreateTable& table) {
  const std::string_view persistence = relation.relpersistence;
  table.temporary = persistence == "t";
  table.unlogged = persistence == "u";
}

void read_element(const PgQuery__Node& element, const StatementTokens& tokens, CreateTable& table) {
  if (const auto* column = as_column(&element)) {
    table.columns.push_back(read_column(*column, tokens));
  } else if (const auto* constraint = as_constraint(&element)) {
    const std::size_t first = tokens.at(constraint->location);
    table.constraints.push_back(read_constraint(*constraint, tokens, first, tokens.item_end(first)));
  } else if (element.node_case == PG_QUERY__NODE__NODE_TABLE_LIKE_CLAUSE) {
    const auto& like = *element.table_like_clause;
    table.likes.push_back({to_name(like.relation, tokens), (like.options & like_indexes) != 0,
                           (like.options & like_constraints) != 0, (like.options & like_defaults) != 0});
  }
}

}  // namespace

CreateTable read_create_table(const PgQuery__CreateStmt& statement, const StatementTokens& tokens) {
  CreateTable table;
  table.name = to_name(statement.relation, tokens);
  table.if_not_exists = statement.if_not_exists;
  if (statement.relation) set_persistence(*statement.relation, table);
  for (const PgQuery__Node* element : Nodes(statement.table_elts, statement.n_table_elts)) {
    read_element(*element, tokens, table);
  }
  auto parents = to_names(Nodes(statement.inh_relations, statement.n_inh_relations), tokens);
  if (statement.partbound && !parents.empty()) {
    table.partition_of = parents.front();
    table.default_partition = statement.partbound->is_default;
  } else {
    table.inherits = std::move(parents);
  }
  table.partitioned = statement.partspec != nullptr;
  return table;
}

CreateTable read_create_foreign_table(const PgQuery__CreateForeignTableStmt& statement, const StatementTokens& tokens) {
  CreateTable table;
  if (statement.base_stmt) table = read_create_table(*statement.base_stmt, tokens);
  table.foreign = true;
  return table;
}

Action read_create_as(const PgQuery__CreateTableAsStmt& statement, const StatementTokens& tokens) {
  const PgQuery__RangeVar* relation = statement.into ? statement.into->rel : nullptr;
  const bool with_data = !statement.into || !statement.into->skip_data;
  auto reads = find_reads(statement.base, relation, tokens);
  if (statement.objtype == PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW) {
    CreateView view;
    view.name = to_name(relation, tokens);
    view.materialized = true;
    view.if_not_exists = statement.if_not_exists;
    view.with_data = with_data;
    view.reads = std::move(reads);
    return view;
  }
  CreateTable table;
  table.name = to_name(relation, tokens);
  table.if_not_exists = statement.if_not_exists;
  if (relation) set_persistence(*relation, table);
  table.as_query = true;
  table.with_data = with_data;
  table.reads = std::move(reads);
  return table;
}

}  // namespace migrate::sql
