#include "sql/option.hpp"

#include <migrate/base/text.hpp>

namespace migrate::sql {
namespace {

// An option's value where it is one word: the grammar makes a type's name of words that are no keywords of SQL's (off).
std::string_view word_of(const PgQuery__Node& value) {
  if (value.node_case == PG_QUERY__NODE__NODE_STRING) return value.string->sval;
  if (value.node_case == PG_QUERY__NODE__NODE_TYPE_NAME && value.type_name->n_names == 1 &&
      value.type_name->names[0]->node_case == PG_QUERY__NODE__NODE_STRING) {
    return value.type_name->names[0]->string->sval;
  }
  return {};
}

// A boolean option as defGetBoolean reads it: an option without a value is true.
bool is_on(const PgQuery__DefElem& option) {
  if (!option.arg) return true;
  if (option.arg->node_case == PG_QUERY__NODE__NODE_INTEGER) return option.arg->integer->ival != 0;
  const std::string_view value = word_of(*option.arg);
  return !equals_ignoring_case(value, "false") && !equals_ignoring_case(value, "off");
}

}  // namespace

const PgQuery__DefElem* find_option(Options options, std::string_view name) {
  for (const PgQuery__Node* node : options) {
    if (node->node_case == PG_QUERY__NODE__NODE_DEF_ELEM && name == node->def_elem->defname) return node->def_elem;
  }
  return nullptr;
}

bool option_is_on(Options options, std::string_view name, bool fallback) {
  const auto* option = find_option(options, name);
  return option ? is_on(*option) : fallback;
}

}  // namespace migrate::sql
