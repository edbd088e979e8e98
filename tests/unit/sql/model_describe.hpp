/// \file
/// Parts of models as text, so that a case is one line.
#pragma once

#include <string>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "unit/sql/models.hpp"

namespace migrate::test {

inline std::string describe(const sql::QualifiedName& name) { return sql::to_text(name); }

inline std::string describe(const std::vector<sql::QualifiedName>& names) {
  std::string text;
  for (const auto& name : names) text += (text.empty() ? "" : ", ") + describe(name);
  return text;
}

/// "varchar(40)[]", "int8 serial".
inline std::string describe(const sql::TypeRef& type) {
  std::string text = type.schema.empty() ? type.name : type.schema + "." + type.name;
  if (!type.modifiers.empty()) text += fmt::format("({})", fmt::join(type.modifiers, ","));
  for (int i = 0; i < type.array_dimensions; ++i) text += "[]";
  if (type.serial) text += " serial";
  if (type.quoted_char) text += " quoted";
  return text;
}

/// "lower/1, pg_catalog.timezone/2".
inline std::string describe(const std::vector<sql::FunctionCall>& calls) {
  std::string text;
  for (const auto& call : calls) {
    text += fmt::format("{}{}/{}", text.empty() ? "" : ", ", describe(call.name), call.arguments);
  }
  return text;
}

/// "`a > lower(b)` functions lower/1 columns a, b".
inline std::string describe(const sql::Expression& expression) {
  std::string text = "`" + expression.text + "`";
  if (expression.literal) text += " literal";
  if (expression.null) text += " null";
  if (expression.has_subquery) text += " subquery";
  if (!expression.functions.empty()) text += " functions " + describe(expression.functions);
  if (!expression.columns.empty()) text += fmt::format(" columns {}", fmt::join(expression.columns, ", "));
  if (!expression.proves_not_null.empty()) {
    text += fmt::format(" proves {}", fmt::join(expression.proves_not_null, ", "));
  }
  return text;
}

inline std::string kind_text(sql::ConstraintKind kind) {
  static constexpr std::string_view texts[] = {"not null", "null",        "default", "identity",  "generated",
                                               "check",    "primary key", "unique",  "exclusion", "foreign key"};
  return std::string(texts[static_cast<std::size_t>(kind)]);
}

/// "foreign key fk (a) {CONSTRAINT fk REFERENCES t} -> t() on delete NO ACTION written".
inline std::string describe(const ReadStatement& read, const sql::Constraint& constraint) {
  std::string text = kind_text(constraint.kind);
  if (!constraint.name.empty()) text += " " + constraint.name;
  text += fmt::format(" ({})", fmt::join(constraint.columns, ","));
  text += " {" + read.text(constraint.range) + "}";
  if (constraint.expression) text += " " + describe(*constraint.expression);
  if (constraint.not_valid) text += " not valid";
  if (constraint.deferrable) text += " deferrable";
  if (constraint.initially_deferred) text += " deferred";
  if (constraint.no_inherit) text += " no inherit";
  if (!constraint.using_index.empty()) text += " using " + constraint.using_index;
  if (!constraint.include.empty()) text += fmt::format(" include {}", fmt::join(constraint.include, ","));
  if (constraint.kind == sql::ConstraintKind::foreign_key) {
    text += fmt::format(" -> {}({}) on delete {}{} on update {}", describe(constraint.references),
                        fmt::join(constraint.referenced_columns, ","), constraint.on_delete,
                        constraint.on_delete_written ? " written" : "", constraint.on_update);
  }
  if (constraint.where) text += " where " + describe(*constraint.where);
  return text;
}

inline std::vector<std::string> describe(const ReadStatement& read, const std::vector<sql::Constraint>& constraints) {
  std::vector<std::string> texts;
  for (const auto& each : constraints) texts.push_back(describe(read, each));
  return texts;
}

}  // namespace migrate::test
