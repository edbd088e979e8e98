#include "sql/model/parts.hpp"
#include "sql/model/readers.hpp"
#include "sql/option.hpp"

namespace migrate::sql {
namespace {

// An element's expression stands in parentheses, or is a call: its name and its arguments.
Expression read_element_expression(const PgQuery__Node& node, const StatementTokens& tokens, std::size_t first) {
  if (tokens.is(first, "(")) return read_expression_in_parentheses(node, tokens, first);
  const std::size_t end = tokens.item_end(first);
  const std::size_t open = tokens.find("(", first, end);
  return read_expression(node, tokens, first, open < end ? tokens.after(open) : first + 1);
}

IndexElement read_element(const PgQuery__IndexElem& element, const StatementTokens& tokens, std::size_t first) {
  IndexElement result;
  result.column = element.name;
  if (element.expr) result.expression = read_element_expression(*element.expr, tokens, first);
  result.operator_class = to_name(Nodes(element.opclass, element.n_opclass)).name;
  result.collation = to_name(Nodes(element.collation, element.n_collation)).name;
  result.descending = element.ordering == PG_QUERY__SORT_BY_DIR__SORTBY_DESC;
  result.nulls_written = element.nulls_ordering == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_FIRST ||
                         element.nulls_ordering == PG_QUERY__SORT_BY_NULLS__SORTBY_NULLS_LAST;
  return result;
}

// The name stands before ON, which stands before [ONLY [(]] table.
ByteRange find_index_name(std::size_t table, const StatementTokens& tokens) {
  if (table >= tokens.size()) return {};
  std::size_t index = table;
  while (index > 0 && (tokens.is_word(index - 1, "only") || tokens.is(index - 1, "("))) --index;
  return index >= 2 ? tokens.range(index - 2, index - 1) : ByteRange{};
}

std::vector<std::string> read_include(Nodes elements) {
  std::vector<std::string> columns;
  for (const PgQuery__Node* node : elements) {
    if (const auto* element = as(node, PG_QUERY__NODE__NODE_INDEX_ELEM, &PgQuery__Node::index_elem)) {
      columns.emplace_back(element->name);
    }
  }
  return columns;
}

Reindex::Kind to_kind(PgQuery__ReindexObjectType type) {
  switch (type) {
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_TABLE: return Reindex::Kind::table;
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SCHEMA: return Reindex::Kind::schema;
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_DATABASE: return Reindex::Kind::database;
    case PG_QUERY__REINDEX_OBJECT_TYPE__REINDEX_OBJECT_SYSTEM: return Reindex::Kind::system;
    default: return Reindex::Kind::index;
  }
}

}  // namespace

CreateIndex read_create_index(const PgQuery__IndexStmt& statement, const StatementTokens& tokens) {
  CreateIndex index;
  index.name = statement.idxname;
  index.table = to_name(statement.relation, tokens);
  index.method = statement.access_method;
  index.unique = statement.unique;
  index.concurrently = statement.concurrent;
  index.if_not_exists = statement.if_not_exists;
  index.only = statement.relation && !statement.relation->inh;
  index.include = read_include(Nodes(statement.index_including_params, statement.n_index_including_params));

  const std::size_t table = statement.relation ? tokens.at(statement.relation->location) : tokens.size();
  if (!index.name.empty()) index.name_range = find_index_name(table, tokens);
  std::size_t open = tokens.after_name(table);
  while (open < tokens.size() && !tokens.is(open, "(")) ++open;
  const auto begins = tokens.items(open + 1);
  const Nodes elements(statement.index_params, statement.n_index_params);
  for (std::size_t i = 0; i < elements.size(); ++i) {
    const auto* element = as(elements[i], PG_QUERY__NODE__NODE_INDEX_ELEM, &PgQuery__Node::index_elem);
    const std::size_t first = begins.size() == elements.size() ? begins[i] : tokens.size();
    if (element) index.elements.push_back(read_element(*element, tokens, first));
  }
  if (statement.where_clause) {
    const std::size_t where = tokens.find_word("where", tokens.after(open), tokens.size());
    index.where = read_expression(*statement.where_clause, tokens, where + 1, tokens.size());
  }
  return index;
}

Action read_reindex(const PgQuery__ReindexStmt& statement, const StatementTokens& tokens) {
  Reindex reindex;
  reindex.kind = to_kind(statement.kind);
  reindex.concurrently = option_is_on(Options(statement.params, statement.n_params), "concurrently", false);
  const std::size_t keyword = tokens.is(1, "(") ? tokens.after(1) : 1;
  reindex.keyword_range = tokens.range(keyword, keyword + 1);
  if (statement.relation) {
    reindex.name = to_name(*statement.relation, tokens);
  } else if (*statement.name) {
    const std::size_t name = reindex.concurrently ? tokens.skip(keyword + 1, "concurrently") : keyword + 1;
    reindex.name = {{}, statement.name, tokens.name_range(name)};
  }
  return reindex;
}

}  // namespace migrate::sql
