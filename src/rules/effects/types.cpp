#include <algorithm>
#include <array>
#include <optional>

#include "rules/effects/gathering.hpp"

namespace migrate::rules {
namespace {

using sql::TypeRef;

constexpr std::array built_in{"int2",      "int4",        "int8",      "float4",    "float8",   "numeric",  "money",
                              "bool",      "text",        "varchar",   "bpchar",    "char",     "name",     "bytea",
                              "timestamp", "timestamptz", "time",      "timetz",    "date",     "interval", "bit",
                              "varbit",    "json",        "jsonb",     "jsonpath",  "xml",      "uuid",     "inet",
                              "cidr",      "macaddr",     "macaddr8",  "oid",       "regclass", "regproc",  "regtype",
                              "point",     "line",        "lseg",      "box",       "path",     "polygon",  "circle",
                              "tsvector",  "tsquery",     "int4range", "int8range", "numrange", "tsrange",  "tstzrange",
                              "daterange", "pg_lsn",      "xid",       "xid8",      "cid",      "tid"};

bool is_built_in(const TypeRef& type) {
  return type.schema.empty() && std::find(built_in.begin(), built_in.end(), type.name) != built_in.end();
}

// Where both names stand for the same bytes, without a modifier on the new one. Source: pg_cast, castmethod 'b', of
// PostgreSQL 14 to 18, as far as columns have such types.
struct SameBytes {
  std::string_view from, to;
};
constexpr std::array same_bytes{
    SameBytes{"varchar", "text"}, SameBytes{"text", "varchar"}, SameBytes{"xml", "text"},   SameBytes{"xml", "varchar"},
    SameBytes{"bit", "varbit"},   SameBytes{"cidr", "inet"},    SameBytes{"int4", "oid"},   SameBytes{"oid", "int4"},
    SameBytes{"regclass", "oid"}, SameBytes{"oid", "regclass"}, SameBytes{"varbit", "bit"},
};

bool have_same_bytes(const TypeRef& from, const TypeRef& to) {
  return std::any_of(same_bytes.begin(), same_bytes.end(),
                     [&](const SameBytes& one) { return one.from == from.name && one.to == to.name; });
}

constexpr std::int64_t finest_second = 6;

// A modifier that only bounds: more of it never changes a value.
bool is_wider(const TypeRef& from, const TypeRef& to) {
  if (to.modifiers.empty()) return true;
  return !from.modifiers.empty() && to.modifiers.front() >= from.modifiers.front();
}

bool is_wider_numeric(const TypeRef& from, const TypeRef& to) {
  if (to.modifiers.empty()) return true;
  if (from.modifiers.empty()) return false;
  const auto scale = [](const TypeRef& type) { return type.modifiers.size() > 1 ? type.modifiers[1] : 0; };
  return scale(from) == scale(to) && to.modifiers.front() >= from.modifiers.front();
}

bool is_time(std::string_view name) {
  return name == "timestamp" || name == "timestamptz" || name == "time" || name == "timetz";
}

bool is_finer_time(const TypeRef& from, const TypeRef& to) {
  if (to.modifiers.empty() || to.modifiers.front() >= finest_second) return true;
  return is_wider(from, to);
}

TypeChange answer(bool free) { return free ? TypeChange::free : TypeChange::rewriting; }

TypeChange same_name_change(const TypeRef& from, const TypeRef& to) {
  if (from.modifiers == to.modifiers) return TypeChange::free;
  if (to.array_dimensions > 0) return TypeChange::rewriting;
  if (to.name == "varchar" || to.name == "varbit") return answer(is_wider(from, to));
  if (to.name == "numeric") return answer(is_wider_numeric(from, to));
  if (is_time(to.name)) return answer(is_finer_time(from, to));
  if (to.name == "bpchar" || to.name == "bit") return TypeChange::rewriting;
  // Of interval the fields are among the modifiers.
  return TypeChange::unknown;
}

std::optional<bool> is_utc(const std::string& zone) {
  if (zone.empty()) return std::nullopt;
  constexpr std::array names{"UTC", "Etc/UTC", "GMT", "Etc/GMT", "Etc/UCT", "UCT", "Zulu", "Etc/Zulu", "Universal"};
  return std::find(names.begin(), names.end(), zone) != names.end();
}

TypeChange zone_change(const catalog::Schema& schema, const TypeRef& from, const TypeRef& to) {
  if (!is_finer_time(from, to)) return TypeChange::rewriting;
  const auto utc = is_utc(schema.time_zone);
  return utc ? answer(*utc) : TypeChange::unknown;
}

// What a column of the type is made of; none for a domain with a constraint, which is checked row by row.
std::optional<TypeRef> without_domain(const catalog::Schema& schema, TypeRef type) {
  for (int depth = 0; depth < 32; ++depth) {
    const auto* found = type.array_dimensions == 0 ? schema.find_type(type) : nullptr;
    if (!found || !found->is_domain) return type;
    if (found->constrained) return std::nullopt;
    type = found->base;
  }
  return type;
}

TypeRef base_of(const catalog::Schema& schema, TypeRef type) {
  for (int depth = 0; depth < 32; ++depth) {
    const auto* found = type.array_dimensions == 0 ? schema.find_type(type) : nullptr;
    if (!found || !found->is_domain) return type;
    type = found->base;
  }
  return type;
}

TypeChange plain_change(const catalog::Schema& schema, const TypeRef& from, const TypeRef& to) {
  const bool arrays = from.array_dimensions > 0 || to.array_dimensions > 0;
  const bool same_schema =
      schema.resolve_type({from.schema, from.name, {}}) == schema.resolve_type({to.schema, to.name, {}});
  if (from.name == to.name && same_schema && (from.array_dimensions > 0) == (to.array_dimensions > 0)) {
    return same_name_change(from, to);
  }
  const auto* from_type = schema.find_type(from);
  const auto* to_type = schema.find_type(to);
  const bool known =
      (is_built_in(from) || (from_type && from_type->is_enum)) && (is_built_in(to) || (to_type && to_type->is_enum));
  if (!known) return TypeChange::unknown;
  if (arrays) return TypeChange::rewriting;
  if ((from.name == "timestamp" && to.name == "timestamptz") ||
      (from.name == "timestamptz" && to.name == "timestamp")) {
    return zone_change(schema, from, to);
  }
  return answer(to.modifiers.empty() && have_same_bytes(from, to));
}

}  // namespace

TypeChange type_change(const catalog::Schema& schema, const TypeRef& from, const TypeRef& to) {
  const auto* same = schema.find_type(to);
  if (same && same == schema.find_type(from) && from.array_dimensions == to.array_dimensions) return TypeChange::free;
  const auto bare = without_domain(schema, to);
  if (!bare) return TypeChange::rewriting;
  return plain_change(schema, base_of(schema, from), *bare);
}

bool keeps_indexes(const TypeRef& from, const TypeRef& to) {
  const auto is_text = [](const TypeRef& type) { return type.name == "text" || type.name == "varchar"; };
  return from.name == to.name || (is_text(from) && is_text(to));
}

Work is_volatile(const catalog::Schema& schema, const sql::Expression& expression) {
  Work work = Work::no;
  for (const auto& call : expression.functions) {
    const auto* function = schema.find_function(call.name);
    const bool built_in_name = call.name.schema.empty() || call.name.schema == "pg_catalog";
    const auto built_in = built_in_name ? catalog::built_in_volatility(call.name.name) : std::nullopt;
    if (function) {
      // One in SQL may be put in its place, and what is left need not be volatile.
      if (function->volatility == catalog::Volatility::volatile_) work = std::max(work, Work::maybe);
    } else if (!built_in) {
      work = std::max(work, Work::maybe);
    } else if (*built_in == catalog::Volatility::volatile_) {
      work = Work::yes;
    }
  }
  return work;
}

Work is_constrained(const catalog::Schema& schema, const TypeRef& type) {
  if (const auto* found = schema.find_type(type)) {
    return found->is_domain && found->constrained && type.array_dimensions == 0 ? Work::yes : Work::no;
  }
  if (is_built_in(type) || type.array_dimensions > 0) return Work::no;
  // Only a user's type has constraints, and the server told of all that are mentioned.
  return schema.complete ? Work::no : Work::maybe;
}

}  // namespace migrate::rules
