/// \file
/// Names that the server picks where the statement gives none.
/// Source: ChooseRelationName, ChooseIndexName (indexcmds.c), ChooseConstraintName (pg_constraint.c), makeObjectName.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/catalog/schema.hpp>

namespace migrate::catalog {

/// "first_second_label" in 63 bytes; without `second`: "first_label".
std::string object_name(std::string first, std::string second, std::string_view label);

/// With a number where a relation of the schema, or (`of_constraint`) a constraint in it, has the name already.
std::string choose_relation_name(const Schema& schema, const Relation& table, const std::string& second,
                                 std::string_view label, bool of_constraint);
/// With a number where a constraint in the schema has the name already.
std::string choose_constraint_name(const Schema& schema, const Relation& table, const std::string& second,
                                   std::string_view label);

/// "a_b_c"; no longer than the server makes it.
std::string joined_columns(std::span<const std::string> columns);
/// What the server calls the elements of an index: columns, functions, "expr"; each once.
std::vector<std::string> element_names(std::span<const sql::IndexElement> elements);

}  // namespace migrate::catalog
