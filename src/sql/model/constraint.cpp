#include "sql/model/parts.hpp"

namespace migrate::sql {
namespace {

bool is_attribute(const PgQuery__Constraint& constraint) {
  switch (constraint.contype) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE:
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_NOT_DEFERRABLE:
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED:
    case PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_IMMEDIATE: return true;
    default: return false;
  }
}

ConstraintKind to_kind(PgQuery__ConstrType type) {
  switch (type) {
    case PG_QUERY__CONSTR_TYPE__CONSTR_NULL: return ConstraintKind::null;
    case PG_QUERY__CONSTR_TYPE__CONSTR_NOTNULL: return ConstraintKind::not_null;
    case PG_QUERY__CONSTR_TYPE__CONSTR_DEFAULT: return ConstraintKind::default_value;
    case PG_QUERY__CONSTR_TYPE__CONSTR_IDENTITY: return ConstraintKind::identity;
    case PG_QUERY__CONSTR_TYPE__CONSTR_GENERATED: return ConstraintKind::generated;
    case PG_QUERY__CONSTR_TYPE__CONSTR_PRIMARY: return ConstraintKind::primary_key;
    case PG_QUERY__CONSTR_TYPE__CONSTR_UNIQUE: return ConstraintKind::unique;
    case PG_QUERY__CONSTR_TYPE__CONSTR_EXCLUSION: return ConstraintKind::exclusion;
    case PG_QUERY__CONSTR_TYPE__CONSTR_FOREIGN: return ConstraintKind::foreign_key;
    default: return ConstraintKind::check;
  }
}

std::string to_action(std::string_view letter) {
  if (letter == "r") return "RESTRICT";
  if (letter == "c") return "CASCADE";
  if (letter == "n") return "SET NULL";
  if (letter == "d") return "SET DEFAULT";
  return "NO ACTION";
}

// The tree has NO ACTION for what is not written, too.
bool writes_on_delete(const StatementTokens& tokens, std::size_t first, std::size_t last) {
  for (std::size_t on = tokens.find_word("on", first, last); on < last; on = tokens.find_word("on", on + 1, last)) {
    if (tokens.is_word(on + 1, "delete")) return true;
  }
  return false;
}

void read_foreign_key(const PgQuery__Constraint& constraint, const StatementTokens& tokens, std::size_t first,
                      std::size_t last, Constraint& result) {
  result.columns = to_strings(Nodes(constraint.fk_attrs, constraint.n_fk_attrs));
  result.references = to_name(constraint.pktable, tokens);
  result.referenced_columns = to_strings(Nodes(constraint.pk_attrs, constraint.n_pk_attrs));
  result.on_delete = to_action(constraint.fk_del_action);
  result.on_update = to_action(constraint.fk_upd_action);
  result.on_delete_written = writes_on_delete(tokens, first, last);
}

// EXCLUDE USING gist (room WITH =, during WITH &&) WHERE (...): each element is a list of an index element and
// operators.
void read_exclusion(const PgQuery__Constraint& constraint, const StatementTokens& tokens, std::size_t first,
                    std::size_t last, Constraint& result) {
  for (const PgQuery__Node* node : Nodes(constraint.exclusions, constraint.n_exclusions)) {
    const auto* pair = as(node, PG_QUERY__NODE__NODE_LIST, &PgQuery__Node::list);
    if (!pair || pair->n_items == 0) continue;
    const auto* element = as(pair->items[0], PG_QUERY__NODE__NODE_INDEX_ELEM, &PgQuery__Node::index_elem);
    if (element && *element->name) result.columns.emplace_back(element->name);
  }
  if (!constraint.where_clause) return;
  result.where =
      read_expression_in_parentheses(*constraint.where_clause, tokens, tokens.find_word("where", first, last));
}

void read_expression_of(const PgQuery__Constraint& constraint, const StatementTokens& tokens, std::size_t keyword,
                        std::size_t last, Constraint& result) {
  if (!constraint.raw_expr) return;
  result.expression = result.kind == ConstraintKind::default_value
                          ? read_expression(*constraint.raw_expr, tokens, keyword + 1, last)
                          : read_expression_in_parentheses(*constraint.raw_expr, tokens, keyword);
}

void add_attribute(PgQuery__ConstrType attribute, Constraint& constraint) {
  if (attribute == PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRABLE) constraint.deferrable = true;
  if (attribute != PG_QUERY__CONSTR_TYPE__CONSTR_ATTR_DEFERRED) return;
  // The server takes INITIALLY DEFERRED for DEFERRABLE, too.
  constraint.deferrable = true;
  constraint.initially_deferred = true;
}

}  // namespace

Constraint read_constraint(const PgQuery__Constraint& constraint, const StatementTokens& tokens, std::size_t first,
                           std::size_t last) {
  Constraint result;
  result.kind = to_kind(constraint.contype);
  result.name = constraint.conname;
  result.range = tokens.range(first, last);
  std::size_t keyword = first;
  if (tokens.is_word(first, "constraint")) {
    result.name_range = tokens.range(first + 1, first + 2);
    keyword = first + 2;
  }
  result.not_valid = constraint.skip_validation;
  result.deferrable = constraint.deferrable;
  result.initially_deferred = constraint.initdeferred;
  result.no_inherit = constraint.is_no_inherit;
  result.using_index = constraint.indexname;
  result.include = to_strings(Nodes(constraint.including, constraint.n_including));
  result.columns = to_strings(Nodes(constraint.keys, constraint.n_keys));
  if (result.kind == ConstraintKind::foreign_key) read_foreign_key(constraint, tokens, keyword, last, result);
  if (result.kind == ConstraintKind::exclusion) read_exclusion(constraint, tokens, keyword, last, result);
  read_expression_of(constraint, tokens, keyword, last, result);
  return result;
}

std::vector<Constraint> read_constraints(Nodes constraints, const PgQuery__CollateClause* collation,
                                         const StatementTokens& tokens, std::size_t last, const std::string& column) {
  const std::size_t collate = collation ? tokens.at(collation->location) : tokens.size();
  // Where what begins at `first` ends: attributes such as DEFERRABLE belong to the constraint before them.
  const auto end_of = [&](std::size_t first) {
    std::size_t end = collate > first && collate < last ? collate : last;
    for (const PgQuery__Node* node : constraints) {
      const auto* each = as_constraint(node);
      if (!each || is_attribute(*each)) continue;
      const std::size_t begin = tokens.at(each->location);
      if (begin > first && begin < end) end = begin;
    }
    return end;
  };
  std::vector<Constraint> result;
  for (const PgQuery__Node* node : constraints) {
    const auto* each = as_constraint(node);
    if (!each) continue;
    if (is_attribute(*each)) {
      if (!result.empty()) add_attribute(each->contype, result.back());
      continue;
    }
    const std::size_t first = tokens.at(each->location);
    result.push_back(read_constraint(*each, tokens, first, end_of(first)));
    if (!column.empty()) result.back().columns = {column};
  }
  return result;
}

std::string read_collation(const PgQuery__CollateClause* collation) {
  return collation ? to_name(Nodes(collation->collname, collation->n_collname)).name : std::string();
}

Column read_column(const PgQuery__ColumnDef& column, const StatementTokens& tokens) {
  const std::size_t first = tokens.at(column.location);
  const std::size_t last = tokens.item_end(first);
  Column result;
  result.name = column.colname;
  result.range = tokens.range(first, last);
  result.name_range = tokens.range(first, first + 1);
  if (column.type_name) result.type = read_type(*column.type_name, tokens);
  result.collation = read_collation(column.coll_clause);
  result.constraints =
      read_constraints(Nodes(column.constraints, column.n_constraints), column.coll_clause, tokens, last, result.name);
  return result;
}

}  // namespace migrate::sql
