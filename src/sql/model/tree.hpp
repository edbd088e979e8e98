// What all readers of the parse tree share: lists, names, and a walk through everything inside a node.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/sql/model.hpp>

#include "sql/model/statement_tokens.hpp"
#include "sql/pg_query.hpp"

namespace migrate::sql {

using Nodes = std::span<PgQuery__Node* const>;

// The node's message if it is of this kind: as(node, PG_QUERY__NODE__NODE_STRING, &PgQuery__Node::string).
template <class T>
const T* as(const PgQuery__Node* node, PgQuery__Node__NodeCase kind, T* PgQuery__Node::*member) {
  return node && node->node_case == kind ? node->*member : nullptr;
}

const PgQuery__ColumnDef* as_column(const PgQuery__Node* node);
const PgQuery__Constraint* as_constraint(const PgQuery__Node* node);
const PgQuery__RangeVar* as_relation(const PgQuery__Node* node);
const PgQuery__DefElem* as_option(const PgQuery__Node* node);

// The String nodes of a list.
std::vector<std::string> to_strings(Nodes list);
// {schema, name} or {name}, as lists of String nodes.
QualifiedName to_name(Nodes parts);
QualifiedName to_name(const PgQuery__RangeVar& relation, const StatementTokens& tokens);
QualifiedName to_name(const PgQuery__RangeVar* relation, const StatementTokens& tokens);
std::vector<QualifiedName> to_names(Nodes relations, const StatementTokens& tokens);
// Whatever form the name of an object has in the tree: a string, a list, a type, a function with its arguments.
QualifiedName to_object_name(const PgQuery__Node* object, const StatementTokens& tokens);
// The role's name; "current_user" and its like for those.
std::string to_role(const PgQuery__RoleSpec* role);
ObjectKind to_kind(PgQuery__ObjectType type);

// Calls `visit` for the message and all inside, outer ones first; where it returns false, not for what is inside.
void walk(const ProtobufCMessage& root, const std::function<bool(const ProtobufCMessage&)>& visit);

template <class T>
const T* cast(const ProtobufCMessage& message, const ProtobufCMessageDescriptor& descriptor) {
  return message.descriptor == &descriptor ? reinterpret_cast<const T*>(&message) : nullptr;
}

std::vector<FunctionCall> find_functions(const ProtobufCMessage& root);
// Tables that are read: without the names of WITH, without what INTO makes, without `target`.
std::vector<QualifiedName> find_reads(const ProtobufCMessage& root, const PgQuery__RangeVar* target,
                                      const StatementTokens& tokens);

}  // namespace migrate::sql
