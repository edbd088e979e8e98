#include "sql/model/tree.hpp"

#include <algorithm>

namespace migrate::sql {
namespace {

void push_inside(const ProtobufCMessage& message, std::vector<const ProtobufCMessage*>& stack) {
  const auto* base = reinterpret_cast<const char*>(&message);
  const auto push = [&](const ProtobufCFieldDescriptor& field) {
    if (field.type != PROTOBUF_C_TYPE_MESSAGE) return;
    const char* member = base + field.offset;
    if (field.label == PROTOBUF_C_LABEL_REPEATED) {
      const auto count = *reinterpret_cast<const std::size_t*>(base + field.quantifier_offset);
      const auto* items = *reinterpret_cast<ProtobufCMessage* const* const*>(member);
      for (std::size_t i = count; i > 0; --i) stack.push_back(items[i - 1]);
      return;
    }
    const bool is_choice = (field.flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
    if (is_choice && *reinterpret_cast<const std::uint32_t*>(base + field.quantifier_offset) != field.id) return;
    if (const auto* item = *reinterpret_cast<const ProtobufCMessage* const*>(member)) stack.push_back(item);
  };
  // A node is a choice of more than two hundred: its one member is looked up.
  if (const auto* node = cast<PgQuery__Node>(message, pg_query__node__descriptor)) {
    const auto* field =
        protobuf_c_message_descriptor_get_field(message.descriptor, static_cast<unsigned>(node->node_case));
    if (field) push(*field);
    return;
  }
  const std::span fields(message.descriptor->fields, message.descriptor->n_fields);
  for (auto field = fields.rbegin(); field != fields.rend(); ++field) push(*field);
}

template <class T>
void add_once(std::vector<T>& values, T value) {
  if (std::find(values.begin(), values.end(), value) == values.end()) values.push_back(std::move(value));
}

std::vector<std::string> find_query_names(const ProtobufCMessage& root) {
  std::vector<std::string> names;
  walk(root, [&](const ProtobufCMessage& message) {
    if (const auto* query = cast<PgQuery__CommonTableExpr>(message, pg_query__common_table_expr__descriptor)) {
      add_once(names, std::string(query->ctename));
    }
    return true;
  });
  return names;
}

}  // namespace

const PgQuery__ColumnDef* as_column(const PgQuery__Node* node) {
  return as(node, PG_QUERY__NODE__NODE_COLUMN_DEF, &PgQuery__Node::column_def);
}

const PgQuery__Constraint* as_constraint(const PgQuery__Node* node) {
  return as(node, PG_QUERY__NODE__NODE_CONSTRAINT, &PgQuery__Node::constraint);
}

const PgQuery__RangeVar* as_relation(const PgQuery__Node* node) {
  return as(node, PG_QUERY__NODE__NODE_RANGE_VAR, &PgQuery__Node::range_var);
}

const PgQuery__DefElem* as_option(const PgQuery__Node* node) {
  return as(node, PG_QUERY__NODE__NODE_DEF_ELEM, &PgQuery__Node::def_elem);
}

std::vector<std::string> to_strings(Nodes list) {
  std::vector<std::string> strings;
  for (const PgQuery__Node* node : list) {
    if (const auto* string = as(node, PG_QUERY__NODE__NODE_STRING, &PgQuery__Node::string)) {
      strings.emplace_back(string->sval);
    }
  }
  return strings;
}

QualifiedName to_name(Nodes parts) {
  const auto strings = to_strings(parts);
  QualifiedName name;
  if (!strings.empty()) name.name = strings.back();
  if (strings.size() > 1) name.schema = strings[strings.size() - 2];
  return name;
}

QualifiedName to_name(const PgQuery__RangeVar& relation, const StatementTokens& tokens) {
  return {relation.schemaname, relation.relname, tokens.name_range(tokens.at(relation.location))};
}

QualifiedName to_name(const PgQuery__RangeVar* relation, const StatementTokens& tokens) {
  return relation ? to_name(*relation, tokens) : QualifiedName{};
}

std::vector<QualifiedName> to_names(Nodes relations, const StatementTokens& tokens) {
  std::vector<QualifiedName> names;
  for (const PgQuery__Node* node : relations) {
    if (const auto* relation = as_relation(node)) names.push_back(to_name(*relation, tokens));
  }
  return names;
}

QualifiedName to_object_name(const PgQuery__Node* object, const StatementTokens& tokens) {
  if (!object) return {};
  switch (object->node_case) {
    case PG_QUERY__NODE__NODE_STRING: return {{}, object->string->sval, {}};
    case PG_QUERY__NODE__NODE_RANGE_VAR: return to_name(*object->range_var, tokens);
    case PG_QUERY__NODE__NODE_TYPE_NAME: {
      const auto& type = *object->type_name;
      QualifiedName name = to_name(Nodes(type.names, type.n_names));
      name.range = tokens.name_range(tokens.at(type.location));
      return name;
    }
    case PG_QUERY__NODE__NODE_OBJECT_WITH_ARGS:
      return to_name(Nodes(object->object_with_args->objname, object->object_with_args->n_objname));
    case PG_QUERY__NODE__NODE_LIST: {
      const Nodes parts(object->list->items, object->list->n_items);
      const bool begins_with_type = !parts.empty() && parts.front()->node_case == PG_QUERY__NODE__NODE_TYPE_NAME;
      return begins_with_type ? to_object_name(parts.front(), tokens) : to_name(parts);
    }
    case PG_QUERY__NODE__NODE_ACCESS_PRIV: return {{}, object->access_priv->priv_name, {}};
    default: return {};
  }
}

std::string to_role(const PgQuery__RoleSpec* role) {
  if (!role) return {};
  switch (role->roletype) {
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_ROLE: return "current_role";
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_CURRENT_USER: return "current_user";
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_SESSION_USER: return "session_user";
    case PG_QUERY__ROLE_SPEC_TYPE__ROLESPEC_PUBLIC: return "public";
    default: return role->rolename;
  }
}

void walk(const ProtobufCMessage& root, const std::function<bool(const ProtobufCMessage&)>& visit) {
  // No recursion: an expression may be as deep as its text is long.
  std::vector<const ProtobufCMessage*> stack{&root};
  while (!stack.empty()) {
    const ProtobufCMessage& message = *stack.back();
    stack.pop_back();
    if (visit(message)) push_inside(message, stack);
  }
}

std::vector<FunctionCall> find_functions(const ProtobufCMessage& root) {
  std::vector<FunctionCall> calls;
  walk(root, [&](const ProtobufCMessage& message) {
    if (const auto* call = cast<PgQuery__FuncCall>(message, pg_query__func_call__descriptor)) {
      calls.push_back({to_name(Nodes(call->funcname, call->n_funcname)), call->n_args});
    }
    return true;
  });
  return calls;
}

std::vector<QualifiedName> find_reads(const ProtobufCMessage& root, const PgQuery__RangeVar* target,
                                      const StatementTokens& tokens) {
  const auto query_names = find_query_names(root);
  const auto is_query_name = [&](const QualifiedName& name) {
    return name.schema.empty() && std::find(query_names.begin(), query_names.end(), name.name) != query_names.end();
  };
  std::vector<QualifiedName> found;
  walk(root, [&](const ProtobufCMessage& message) {
    // FOR UPDATE OF names tables by their aliases.
    if (message.descriptor == &pg_query__locking_clause__descriptor) return false;
    if (message.descriptor == &pg_query__into_clause__descriptor) return false;
    const auto* relation = cast<PgQuery__RangeVar>(message, pg_query__range_var__descriptor);
    if (!relation || relation == target) return true;
    QualifiedName name = to_name(*relation, tokens);
    if (!is_query_name(name)) found.push_back(std::move(name));
    return true;
  });
  // The fields of a node are not in the order of the text.
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.range < b.range; });
  std::vector<QualifiedName> reads;
  for (QualifiedName& name : found) add_once(reads, std::move(name));
  return reads;
}

}  // namespace migrate::sql
