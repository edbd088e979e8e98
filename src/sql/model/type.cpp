#include <algorithm>
#include <array>
#include <optional>

#include "sql/model/parts.hpp"

namespace migrate::sql {
namespace {

struct Serial {
  std::string_view written;
  std::string_view name;
};

constexpr std::array serials{
    Serial{"serial", "int4"},  Serial{"serial4", "int4"},     Serial{"bigserial", "int8"},
    Serial{"serial8", "int8"}, Serial{"smallserial", "int2"}, Serial{"serial2", "int2"},
};

// `interval` has a mask of its fields before the precision; this one says all of them.
constexpr std::int64_t all_interval_fields = 0x7FFF;

std::optional<std::int64_t> to_integer(const PgQuery__Node* node) {
  const auto* constant = as(node, PG_QUERY__NODE__NODE_A_CONST, &PgQuery__Node::a_const);
  if (!constant || constant->isnull) return std::nullopt;
  if (constant->val_case != PG_QUERY__A__CONST__VAL_IVAL) return std::nullopt;
  return constant->ival->ival;
}

std::vector<std::int64_t> read_modifiers(Nodes nodes, const TypeRef& type) {
  std::vector<std::int64_t> modifiers;
  for (const PgQuery__Node* node : nodes) {
    if (const auto value = to_integer(node)) modifiers.push_back(*value);
  }
  const bool is_interval = type.schema.empty() && type.name == "interval";
  if (is_interval && !modifiers.empty() && modifiers.front() == all_interval_fields) modifiers.erase(modifiers.begin());
  return modifiers;
}

void use_builtin_name(TypeRef& type) {
  if (type.schema == "pg_catalog") {
    type.schema.clear();
    type.quoted_char = type.name == "char";
    return;
  }
  if (!type.schema.empty()) return;
  // The keyword CHAR is bpchar in the tree: only the quoted name comes as it is.
  type.quoted_char = type.name == "char";
  const auto* serial =
      std::find_if(serials.begin(), serials.end(), [&](const Serial& each) { return each.written == type.name; });
  if (serial == serials.end()) return;
  type.name = serial->name;
  type.serial = true;
}

std::size_t skip_any(const StatementTokens& tokens, std::size_t index, std::initializer_list<std::string_view> words) {
  for (const std::string_view each : words) {
    const std::size_t next = tokens.skip(index, each);
    if (next != index) return next;
  }
  return index;
}

// The words of the types that SQL writes in several, after the first one.
std::size_t after_type_words(const StatementTokens& tokens, std::size_t index) {
  const auto next = [&](std::initializer_list<std::string_view> words) { return skip_any(tokens, index, words); };
  const std::size_t several =
      next({"double precision", "national character varying", "national char varying", "national character",
            "national char", "character varying", "char varying", "nchar varying", "bit varying"});
  return several != index ? several : tokens.after_name(index);
}

std::size_t type_end(const StatementTokens& tokens, std::size_t first) {
  std::size_t index = tokens.skip(first, "setof");
  const bool is_time = tokens.is_word(index, "time") || tokens.is_word(index, "timestamp");
  const bool is_interval = tokens.is_word(index, "interval");
  index = after_type_words(tokens, index);
  if (tokens.is(index, "(")) index = tokens.after(index);
  if (is_time) index = skip_any(tokens, index, {"with time zone", "without time zone"});
  if (is_interval) {
    const auto fields = {std::string_view("year"), std::string_view("month"),  std::string_view("day"),
                         std::string_view("hour"), std::string_view("minute"), std::string_view("second")};
    index = skip_any(tokens, index, fields);
    if (const std::size_t to = tokens.skip(index, "to"); to != index) index = skip_any(tokens, to, fields);
    if (tokens.is(index, "(")) index = tokens.after(index);
  }
  if (tokens.is(index, "%")) index = tokens.skip(index + 1, "type");
  index = tokens.skip(index, "array");
  while (tokens.is(index, "[")) index = tokens.after(index);
  return index;
}

}  // namespace

TypeRef read_type(const PgQuery__TypeName& type, const StatementTokens& tokens) {
  TypeRef result;
  const QualifiedName name = to_name(Nodes(type.names, type.n_names));
  result.schema = name.schema;
  result.name = name.name;
  use_builtin_name(result);
  result.modifiers = read_modifiers(Nodes(type.typmods, type.n_typmods), result);
  result.array_dimensions = static_cast<int>(type.n_array_bounds);
  const std::size_t first = tokens.at(type.location);
  result.range = tokens.range(first, type_end(tokens, first));
  return result;
}

}  // namespace migrate::sql
