#include "sql/batch_shape.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "sql/batch_tree.hpp"
#include "sql/limits.hpp"

namespace migrate::sql {
namespace {

// Calls whose answer is of one row; those of subqueries are theirs.
template <class Visit>
void walk_own(Nodes list, const Visit& visit) {
  for (const PgQuery__Node* node : list) {
    walk(node->base, [&](const ProtobufCMessage& message) {
      if (message.descriptor == &pg_query__sub_link__descriptor) return false;
      if (const auto* call = cast<PgQuery__FuncCall>(message, pg_query__func_call__descriptor)) visit(*call);
      return true;
    });
  }
}

BatchKind kind_of(const PgQuery__Node& statement) {
  switch (statement.node_case) {
    case PG_QUERY__NODE__NODE_INSERT_STMT: return BatchKind::insert;
    case PG_QUERY__NODE__NODE_DELETE_STMT: return BatchKind::remove;
    default: return BatchKind::update;
  }
}

class ShapeReader {
 public:
  ShapeReader(const SourcePtr& source, const Statement& statement, const Directive& directive, Batch& batch)
      : source_(source),
        range_(statement.range),
        directive_(directive),
        batch_(batch),
        model_(read_model(source, statement.range)),
        tokens_(source->text(), statement.range, model_.tokens) {}

  Result<void> read() {
    const std::string_view text = source_->text(range_);
    if (!model_.parsed) return refuse("a statement that this version cannot read");
    const auto tree = parse(text);
    const auto change = tree ? read_change(tree->statement()) : std::nullopt;
    if (!change || !change->target) {
      return refuse("only UPDATE, DELETE and INSERT ... SELECT run in batches",
                    "remove the directive, or write the change as one of these");
    }
    batch_.kind = kind_of(*tree->statement());
    return batch_.repeat ? read_repeated(*change, *tree->statement()) : read_walked(*change, *tree->statement());
  }

 private:
  [[nodiscard]] Result<void> refuse(std::string message, std::string help = {}) const {
    auto diagnostic = error("invalid-batch", std::move(message))
                          .at(source_, first_words(model_, 1), "this can't be run in batches")
                          .also(source_, directive_.range, "asked for here");
    if (!help.empty()) diagnostic = std::move(diagnostic).help(std::move(help));
    return fail(std::move(diagnostic));
  }

  void take_target(const PgQuery__RangeVar& table) {
    batch_.table = to_name(table, tokens_);
    batch_.only = table.inh == 0;
    batch_.reference = quote_identifier(table.alias ? table.alias->aliasname : table.relname);
  }

  void take_assigned(const Change& change) {
    for (const PgQuery__Node* node : change.assigned) {
      if (const auto* target = as(node, PG_QUERY__NODE__NODE_RES_TARGET, &PgQuery__Node::res_target)) {
        batch_.assigned.emplace_back(target->name);
      }
    }
  }

  // --- as it stands, again and again ---

  Result<void> read_repeated(const Change& change, const PgQuery__Node& statement) {
    if (!has_limit(statement.base)) {
      return refuse(
          "nothing bounds this statement: its first run would change all rows",
          "let it choose its rows with a LIMIT, or write `rows=5000` instead of `repeat`: then migrate bounds it");
    }
    take_target(*change.target);
    take_assigned(change);
    if (batch_.kind == BatchKind::update) return ends_by_update(change);
    if (batch_.kind == BatchKind::insert) return ends_by_moving(change);
    for (const PgQuery__Node* node : queries_of(change.with)) {
      const auto* query = as_query(node);
      const auto* insert =
          as(query ? query->ctequery : nullptr, PG_QUERY__NODE__NODE_INSERT_STMT, &PgQuery__Node::insert_stmt);
      if (insert && insert->relation && same_table(*insert->relation, *change.target)) {
        return refuse("it would never end: what it deletes it puts back");
      }
    }
    return {};
  }

  // What it has changed must not be chosen again.
  [[nodiscard]] Result<void> ends_by_update(const Change& change) const {
    std::vector<std::string> asked;
    const auto look_into = [&](const ProtobufCMessage& message) {
      const auto columns = columns_in(message);
      asked.insert(asked.end(), columns.begin(), columns.end());
    };
    if (change.where) look_into(change.where->base);
    for (const PgQuery__Node* node : change.from) look_into(node->base);
    for (const PgQuery__Node* node : queries_of(change.with)) look_into(node->base);
    const bool changes_choice = std::any_of(
        batch_.assigned.begin(), batch_.assigned.end(),
        [&](const std::string& column) { return std::find(asked.begin(), asked.end(), column) != asked.end(); });
    if (changes_choice) return {};
    return refuse("it would never end: it changes no column that it chooses its rows by",
                  "ask for rows that are still to be changed (`WHERE plan IS NULL`), or write `rows=5000` instead of "
                  "`repeat` and leave out the LIMIT: then each row is changed once");
  }

  Result<void> ends_by_moving(const Change& change) {
    if (change.on_conflict) {
      return refuse("a run that adds no rows is taken for the end, and ON CONFLICT may leave out all of them",
                    "leave out ON CONFLICT; or delete the rows that are there already in a statement before it");
    }
    batch_.target = to_name(*change.target, tokens_);
    for (const PgQuery__Node* node : queries_of(change.with)) {
      const auto* query = as_query(node);
      const auto* remove =
          as(query ? query->ctequery : nullptr, PG_QUERY__NODE__NODE_DELETE_STMT, &PgQuery__Node::delete_stmt);
      if (!remove || !remove->relation || same_table(*remove->relation, *change.target)) continue;
      take_target(*remove->relation);
      return {};
    }
    return refuse(
        "nobody can tell that this INSERT ends: it takes no rows away where it finds them",
        "leave out the LIMIT and write `rows=5000` instead of `repeat`: then each row of the first table of its "
        "FROM is taken once; or move rows: `WITH moved AS (DELETE ... RETURNING *) INSERT ...`");
  }

  // --- along the key of a table ---

  static bool bounds_itself(const Change& change) {
    const auto chosen = [](const PgQuery__Node* node) { return chooses_by_limit(node->base); };
    const Nodes queries = queries_of(change.with);
    return (change.query && change.query->limit_count) || (change.where && chosen(change.where)) ||
           std::any_of(change.from.begin(), change.from.end(), chosen) ||
           std::any_of(queries.begin(), queries.end(), chosen);
  }

  Result<void> read_walked(const Change& change, const PgQuery__Node& statement) {
    if (bounds_itself(change)) {
      return refuse(
          "this statement bounds itself with LIMIT, and `migrate:batch` would bound it once more",
          "leave out the LIMIT; or write `repeat` instead of `rows=...`: then it is run as it stands until it "
          "changes no row");
    }
    for (const PgQuery__Node* node : queries_of(change.with)) {
      const auto* query = as_query(node);
      if (query && !as_select(query->ctequery)) {
        return refuse("its WITH changes rows too: each batch would do that again",
                      "let it choose its rows with a LIMIT, and write `repeat`: then it is run as it stands until it "
                      "changes no row");
      }
    }
    if (batch_.kind == BatchKind::insert) {
      MIGRATE_TRY(read_query(change, change.query));
    } else {
      for (const PgQuery__RangeVar* table : joined_tables(change)) {
        if (could_be_same_table(*table, *change.target)) {
          return refuse("it joins the table that it changes: each batch would see what those before it have done",
                        "put what it reads of that table into a table of its own first, and join that one");
        }
        batch_.joined.push_back(to_name(*table, tokens_));
      }
      take_target(*change.target);
      take_assigned(change);
    }
    if (change.where && change.where->node_case == PG_QUERY__NODE__NODE_CURRENT_OF_EXPR) {
      return refuse("WHERE CURRENT OF takes one row from a cursor");
    }
    batch_.has_where = change.where != nullptr;
    return find_condition(statement);
  }

  Result<void> read_query(const Change& change, const PgQuery__SelectStmt* query) {
    if (!query || query->n_values_lists > 0 || query->op != PG_QUERY__SET_OPERATION__SETOP_NONE ||
        change.from.empty()) {
      return refuse("of INSERTs only one from a plain SELECT with FROM runs in batches");
    }
    bool whole = query->n_distinct_clause > 0 || query->n_group_clause > 0 || query->having_clause ||
                 query->n_window_clause > 0 || query->limit_count || query->limit_offset;
    walk_own(Nodes(query->target_list, query->n_target_list), [&](const PgQuery__FuncCall& call) {
      whole = whole || call.over || call.agg_star || call.agg_filter || call.agg_within_group || call.agg_distinct;
      const auto name = to_strings(Nodes(call.funcname, call.n_funcname));
      if (!name.empty()) batch_.called.push_back(name.back());
    });
    if (whole) {
      return refuse(
          "its SELECT makes rows of many rows: DISTINCT, GROUP BY, an aggregate or a window needs all of them at once");
    }
    return read_first_table(change);
  }

  // Each row of the result must come of one row of the table that is walked: an outer join on its side makes some of
  // none.
  Result<void> read_first_table(const Change& change) {
    const PgQuery__Node* node = change.from.front();
    while (const auto* join = as(node, PG_QUERY__NODE__NODE_JOIN_EXPR, &PgQuery__Node::join_expr)) {
      const bool keeps =
          join->jointype == PG_QUERY__JOIN_TYPE__JOIN_INNER || join->jointype == PG_QUERY__JOIN_TYPE__JOIN_LEFT;
      if (!keeps || join->alias) {
        return refuse(
            "the first table of its FROM stands in a RIGHT, FULL or named join: its rows cannot be counted off",
            "let a table stand first whose rows are all wanted");
      }
      node = join->larg;
    }
    const auto* table = as_relation(node);
    const bool renamed = table && table->alias && table->alias->n_colnames > 0;
    if (!table || renamed || is_query_name(change, *table)) {
      return refuse("its FROM begins with no plain table whose key could be walked along",
                    "let a table stand first whose rows are all wanted");
    }
    if (could_be_same_table(*table, *change.target)) {
      return refuse("it adds rows to the table that it walks along: a later batch could meet them, and add theirs too",
                    "let it add them to a table of their own, and move them from there in a second statement");
    }
    take_target(*table);
    batch_.target = to_name(*change.target, tokens_);
    return {};
  }

  // --- where a condition goes ---

  // WHERE as a word of the statement itself; it may be a name behind a dot or AS.
  [[nodiscard]] std::size_t find_clause(std::string_view word, std::size_t from) const {
    for (std::size_t at = from; (at = tokens_.find_word(word, at, tokens_.size())) < tokens_.size(); ++at) {
      if (at == 0 || (!tokens_.is(at - 1, ".") && !tokens_.is_word(at - 1, "as"))) return at;
    }
    return tokens_.size();
  }

  // After the condition, or where one would end.
  [[nodiscard]] std::size_t find_end(std::size_t from, bool of_insert) const {
    std::size_t end = find_clause("returning", from);
    if (!of_insert) return end;
    for (const std::string_view word : {"order", "for"}) end = std::min(end, find_clause(word, from));
    for (std::size_t at = from; (at = find_clause("on", at)) < end; ++at) {
      if (tokens_.is_word(at + 1, "conflict")) end = at;
    }
    return end;
  }

  Result<void> find_condition(const PgQuery__Node& statement) {
    const bool of_insert = batch_.kind == BatchKind::insert;
    const std::size_t start = of_insert ? find_clause("select", 0) : 1;
    const std::size_t end = find_end(start, of_insert);
    const std::size_t where = find_clause("where", start);
    const bool there = where < end;
    const ByteRange place = there ? tokens_.range(where + 1, end) : tokens_.range(end - 1, end);
    if (start < end && there == batch_.has_where) {
      batch_.condition = {place.begin - range_.begin, place.end - range_.begin};
      if (!there) batch_.condition.begin = batch_.condition.end;
      if (is_well_placed(statement)) return {};
    }
    return refuse("there is no telling where its WHERE would go", "write the SELECT without parentheses around it");
  }

  // The parser has the last word.
  [[nodiscard]] bool is_well_placed(const PgQuery__Node& statement) const {
    const Narrowed narrowed = narrow(source_->text(range_), batch_, "true");
    const auto tree = parse(narrowed.text);
    if (!tree || tree->size() != 1 || tree->statement()->node_case != statement.node_case) return false;
    const auto change = read_change(tree->statement());
    if (!change || !change->where) return false;
    if (!batch_.has_where) return change->where->node_case == PG_QUERY__NODE__NODE_A_CONST;
    const auto* both = as(change->where, PG_QUERY__NODE__NODE_BOOL_EXPR, &PgQuery__Node::bool_expr);
    return both && both->boolop == PG_QUERY__BOOL_EXPR_TYPE__AND_EXPR;
  }

  const SourcePtr& source_;
  ByteRange range_;
  const Directive& directive_;
  Batch& batch_;
  Model model_;
  StatementTokens tokens_;
};

}  // namespace

Result<void> read_shape(const SourcePtr& source, const Statement& statement, const Directive& directive, Batch& batch) {
  return ShapeReader(source, statement, directive, batch).read();
}

}  // namespace migrate::sql
