// What of the parse tree of an INSERT, UPDATE or DELETE matters for running it in batches.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sql/model/tree.hpp"
#include "sql/pg_query.hpp"

namespace migrate::sql {

struct Change {
  const PgQuery__RangeVar* target = nullptr;
  const PgQuery__SelectStmt* query = nullptr;  // of an INSERT
  const PgQuery__Node* where = nullptr;        // of its query, where it is an INSERT
  Nodes assigned, from;
  const PgQuery__WithClause* with = nullptr;
  bool on_conflict = false;
};

// None: it is another kind of statement.
std::optional<Change> read_change(const PgQuery__Node* node);

const PgQuery__SelectStmt* as_select(const PgQuery__Node* node);
// Of WITH.
Nodes queries_of(const PgQuery__WithClause* with);
const PgQuery__CommonTableExpr* as_query(const PgQuery__Node* node);
// Does the name stand for one of them?
bool is_query_name(const Change& change, const PgQuery__RangeVar& relation);

bool same_table(const PgQuery__RangeVar& a, const PgQuery__RangeVar& b);
// It may be: which schema an unqualified name is in, only the server knows.
bool could_be_same_table(const PgQuery__RangeVar& a, const PgQuery__RangeVar& b);
// The tables that its FROM and WITH read. Those of subqueries in expressions don't count.
std::vector<const PgQuery__RangeVar*> joined_tables(const Change& change);

bool has_limit(const ProtobufCMessage& root);
// A LIMIT of what rows are compared or joined with. One in a subquery for a value, or for each row, is another matter.
bool chooses_by_limit(const ProtobufCMessage& root);
// The last parts of their names.
std::vector<std::string> columns_in(const ProtobufCMessage& root);

}  // namespace migrate::sql
