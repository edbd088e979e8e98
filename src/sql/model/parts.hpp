// Readers of the parts that several statements have: expressions, types, constraints, columns. `first` and `last` are
// the indexes of the tokens where a part stands, the last one not included.
#pragma once

#include "sql/model/tree.hpp"

namespace migrate::sql {

Expression read_expression(const PgQuery__Node& node, const StatementTokens& tokens, std::size_t first,
                           std::size_t last);
// The same for what stands in the parentheses that are the first ones from `from` on.
Expression read_expression_in_parentheses(const PgQuery__Node& node, const StatementTokens& tokens, std::size_t from);

TypeRef read_type(const PgQuery__TypeName& type, const StatementTokens& tokens);

Constraint read_constraint(const PgQuery__Constraint& constraint, const StatementTokens& tokens, std::size_t first,
                           std::size_t last);
// What follows the type of a column or domain. COLLATE stands among the constraints.
std::vector<Constraint> read_constraints(Nodes constraints, const PgQuery__CollateClause* collation,
                                         const StatementTokens& tokens, std::size_t last, const std::string& column);
Column read_column(const PgQuery__ColumnDef& column, const StatementTokens& tokens);
std::string read_collation(const PgQuery__CollateClause* collation);

}  // namespace migrate::sql
