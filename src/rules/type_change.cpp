#include "rules/type_change.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::rules {
namespace {

bool same_name(const sql::TypeRef& a, const sql::TypeRef& b) {
  const bool same_schema = a.schema == b.schema || a.schema.empty() || b.schema.empty();
  return a.name == b.name && same_schema && a.array_dimensions == b.array_dimensions && a.quoted_char == b.quoted_char;
}

// A modifier that limits: none is no limit.
bool wider_or_equal(const sql::TypeRef& from, const sql::TypeRef& to) {
  if (to.modifiers.empty()) return true;
  return !from.modifiers.empty() && from.modifiers[0] <= to.modifiers[0];
}

TypeChange change_of_modifiers(const sql::TypeRef& from, const sql::TypeRef& to) {
  if (from.modifiers == to.modifiers) return TypeChange::none;
  const std::string& name = to.name;
  if (name == "numeric") {
    if (to.modifiers.empty()) return TypeChange::free;
    if (from.modifiers.empty()) return TypeChange::rewrite;
    const auto scale = [](const sql::TypeRef& type) { return type.modifiers.size() > 1 ? type.modifiers[1] : 0; };
    return scale(from) == scale(to) && from.modifiers[0] <= to.modifiers[0] ? TypeChange::free : TypeChange::rewrite;
  }
  static constexpr std::array widening{"varchar", "varbit", "timestamp", "timestamptz", "time", "timetz", "interval"};
  if (std::find(widening.begin(), widening.end(), name) != widening.end()) {
    return wider_or_equal(from, to) ? TypeChange::free : TypeChange::rewrite;
  }
  return TypeChange::rewrite;
}

bool is_one_of(const std::string& name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

// Bytes of an integer type; 0: none.
int integer_size(const std::string& name) { return name == "int2" ? 2 : name == "int4" ? 4 : name == "int8" ? 8 : 0; }

bool is_built_in(const sql::TypeRef& type) {
  return is_one_of(
      type.name,
      {"int2",      "int4",        "int8",  "float4", "float8", "numeric",  "bool", "text",   "varchar", "bpchar",
       "timestamp", "timestamptz", "time",  "timetz", "date",   "interval", "bit",  "varbit", "json",    "jsonb",
       "uuid",      "bytea",       "money", "inet",   "cidr",   "xml",      "oid",  "name",   "macaddr", "char"});
}

}  // namespace

TypeChange change_of(const sql::TypeRef& from, const sql::TypeRef& to) {
  if (same_name(from, to)) return change_of_modifiers(from, to);
  if (from.array_dimensions != to.array_dimensions) return TypeChange::rewrite;
  if (is_one_of(from.name, {"varchar", "text"}) && is_one_of(to.name, {"varchar", "text"})) {
    return to.modifiers.empty() ? TypeChange::free : TypeChange::rewrite;
  }
  if (from.name == "cidr" && to.name == "inet") return TypeChange::free;
  if (from.name == "bit" && to.name == "varbit") return to.modifiers.empty() ? TypeChange::free : TypeChange::rewrite;
  const bool both_timestamps =
      is_one_of(from.name, {"timestamp", "timestamptz"}) && is_one_of(to.name, {"timestamp", "timestamptz"});
  if (both_timestamps) return wider_or_equal(from, to) ? TypeChange::by_time_zone : TypeChange::rewrite;
  // A domain over the type, an enum, an extension's type: only the server knows.
  return is_built_in(from) && is_built_in(to) ? TypeChange::rewrite : TypeChange::unknown;
}

TypeChange change_of(const Site& site, const sql::AlterTable& alter, const sql::AlterCommand& command) {
  if (!command.type) return TypeChange::none;
  const auto* table = site.relation(alter.name);
  const auto* column = table ? table->column(command.name) : nullptr;
  if (command.expression) {
    const auto& use = *command.expression;
    const bool column_alone = use.functions.empty() && !use.has_subquery &&
                              use.columns == std::vector<std::string>{command.name} &&
                              use.text.find_first_of("+-*/|(") == std::string::npos;
    if (!column_alone) return TypeChange::rewrite;
  }
  if (!column) return TypeChange::unknown;
  // To a domain: as to its base, if it has no constraint.
  const auto* target = site.schema.find_type(*command.type);
  if (target && target->is_domain && !target->constrained) return change_of(column->type, target->base);
  const auto* source = site.schema.find_type(column->type);
  if (source && source->is_domain) return change_of(source->base, *command.type);
  return change_of(column->type, *command.type);
}

bool zone_is_utc(const Site& site) {
  std::string zone = site.schema.time_zone;
  for (std::size_t i = 0; i < site.index; ++i) {
    const auto* variable = site.action<sql::SetVariable>(i);
    if (!variable || variable->name != "timezone") continue;
    zone = variable->values.size() == 1 ? variable->values.front() : std::string();
  }
  return is_one_of(to_lower_ascii(zone), {"utc", "etc/utc", "gmt", "etc/gmt", "uct", "zulu"});
}

bool narrows(const sql::TypeRef& from, const sql::TypeRef& to) {
  const int before = integer_size(from.name), after = integer_size(to.name);
  if (before && after) return after < before;
  const bool from_text = is_one_of(from.name, {"text", "varchar", "bpchar"});
  const bool to_text = is_one_of(to.name, {"text", "varchar", "bpchar"});
  if (from_text && to_text) return !wider_or_equal(from, to);
  if (from_text) return is_built_in(to) && !is_one_of(to.name, {"xml", "bytea"});
  if (from.name == "numeric" && to.name == "numeric") return change_of(from, to) == TypeChange::rewrite;
  if (from.name == "numeric" || from.name == "float8") return after > 0 || to.name == "float4";
  if (from.name == "timestamptz" || from.name == "timestamp") return is_one_of(to.name, {"date", "time", "timetz"});
  return false;
}

std::string to_text(const sql::TypeRef& type) {
  std::string text = type.schema.empty() ? type.name : type.schema + "." + type.name;
  if (!type.modifiers.empty()) text += fmt::format("({})", fmt::join(type.modifiers, ","));
  for (int i = 0; i < type.array_dimensions; ++i) text += "[]";
  return text;
}

}  // namespace migrate::rules
