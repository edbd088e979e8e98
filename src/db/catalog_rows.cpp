#include "db/catalog_rows.hpp"

#include <migrate/db/field.hpp>
#include <migrate/sql/model.hpp>

#include "db/array_text.hpp"

#include <algorithm>
#include <array>
#include <variant>

namespace migrate::db {
namespace {

using sql::ConstraintKind;
using sql::ObjectKind;

// Where the texts of a row begin, after its kind, its oid and the number that it is sorted by.
constexpr std::size_t first_text = 3;

// The texts a, b, c ... of one row.
class Texts {
 public:
  explicit Texts(const Row& row) : row_(row) {}

  [[nodiscard]] const std::optional<std::string>& raw(std::size_t i) const { return row_[first_text + i]; }
  [[nodiscard]] std::string text(std::size_t i) const { return raw(i).value_or(std::string()); }
  [[nodiscard]] bool truth(std::size_t i) const { return raw(i) == "true"; }
  [[nodiscard]] std::vector<std::string> list(std::size_t i) const { return parse_array(text(i)); }
  [[nodiscard]] sql::QualifiedName name(std::size_t i) const { return {text(i), text(i + 1), {}}; }

  [[nodiscard]] std::vector<sql::QualifiedName> names(std::size_t i) const {
    const auto parts = list(i);
    std::vector<sql::QualifiedName> names;
    for (std::size_t k = 0; k + 1 < parts.size(); k += 2) names.push_back({parts[k], parts[k + 1], {}});
    return names;
  }

  template <class Number>
  [[nodiscard]] std::optional<Number> number(std::size_t i) const {
    return to_number<Number>(raw(i));
  }

 private:
  const Row& row_;
};

ObjectKind relation_kind(const std::string& letter) {
  switch (letter.empty() ? 'r' : letter.front()) {
    case 'v': return ObjectKind::view;
    case 'm': return ObjectKind::materialized_view;
    case 'f': return ObjectKind::foreign_table;
    case 'S': return ObjectKind::sequence;
    default: return ObjectKind::table;
  }
}

ConstraintKind constraint_kind(const std::string& letter) {
  switch (letter.empty() ? 'c' : letter.front()) {
    case 'p': return ConstraintKind::primary_key;
    case 'u': return ConstraintKind::unique;
    case 'x': return ConstraintKind::exclusion;
    case 'f': return ConstraintKind::foreign_key;
    case 'n': return ConstraintKind::not_null;
    default: return ConstraintKind::check;
  }
}

sql::TypeRef read_type(const Texts& row, std::size_t schema) {
  sql::TypeRef type;
  type.schema = row.text(schema);
  type.name = row.text(schema + 1);
  type.quoted_char = type.schema.empty() && type.name == "char";
  if (const auto modifier = row.number<std::int64_t>(schema + 2); modifier && *modifier >= 0) {
    type.modifiers = decode_modifier(type.schema.empty() ? type.name : std::string(), *modifier);
  }
  type.array_dimensions = row.number<int>(schema + 3).value_or(0);
  return type;
}

sql::Model model_of(std::string statement) {
  const ByteRange whole{0, statement.size()};
  return sql::read_model(make_source("catalog", std::move(statement)), whole);
}

// What the parser says of a CHECK as the server prints it.
std::vector<std::string> proven_by(const std::string& definition) {
  // Spares the parser all those that prove nothing.
  if (definition.find("NULL") == std::string::npos) return {};
  const sql::Model model = model_of("ALTER TABLE t ADD " + definition);
  const auto* const alter = std::get_if<sql::AlterTable>(&model.action);
  if (!alter || alter->commands.size() != 1 || !alter->commands.front().constraint) return {};
  const auto& expression = alter->commands.front().constraint->expression;
  return expression ? expression->proves_not_null : std::vector<std::string>();
}

std::string predicate_of(const std::string& definition) {
  const sql::Model model = model_of(definition);
  const auto* const create = std::get_if<sql::CreateIndex>(&model.action);
  return create && create->where ? create->where->text : std::string();
}

CatalogRelation read_relation(const Texts& row) {
  CatalogRelation result;
  catalog::Relation& relation = result.relation;
  relation.name = row.name(0);
  relation.kind = relation_kind(row.text(2));
  relation.partitioned = row.text(2) == "p";
  relation.temporary = row.text(3) == "t";
  if (const auto parent = row.names(4); !parent.empty()) relation.partition_of = parent.front();
  if (const auto partition = row.names(5); !partition.empty()) relation.default_partition = partition.front();
  relation.inherits = row.names(6);
  relation.populated = row.truth(7);
  if (const auto tuples = row.number<double>(8); tuples && *tuples > 0) relation.row_estimate = *tuples;
  if (const auto owner = row.list(9); owner.size() == 3) {
    relation.owned_by = catalog::SequenceOwner{{owner[0], owner[1], {}}, owner[2]};
  }
  result.may_be_asked = row.truth(10);
  // A sequence has no columns to speak of.
  relation.columns_known = row.text(10) != "near" || relation.kind == sql::ObjectKind::sequence;
  relation.bytes = row.number<std::uint64_t>(11);
  return result;
}

catalog::TableColumn read_column(const Texts& row) {
  catalog::TableColumn column;
  column.name = row.text(0);
  column.type = read_type(row, 1);
  column.not_null = row.truth(5);
  column.generated = !row.text(7).empty();
  column.has_default = row.truth(6) && !column.generated;
  column.identity = !row.text(8).empty();
  return column;
}

catalog::TableConstraint read_constraint(const Texts& row) {
  catalog::TableConstraint constraint;
  constraint.name = row.text(0);
  constraint.kind = constraint_kind(row.text(1));
  constraint.columns = row.list(2);
  constraint.valid = row.truth(3);
  constraint.references = row.name(4);
  constraint.referenced_columns = row.list(6);
  constraint.definition = row.text(7);
  constraint.no_inherit = constraint.kind == ConstraintKind::check && row.truth(8);
  constraint.parent = row.text(9);
  if (constraint.kind == ConstraintKind::check) constraint.proves_not_null = proven_by(constraint.definition);
  return constraint;
}

catalog::Index read_index(const Texts& row) {
  catalog::Index index;
  index.name = row.text(0);
  index.columns = row.list(1);
  index.include = row.list(2);
  index.reads = row.list(3);
  for (const auto* part : {&index.columns, &index.include}) {
    for (const auto& column : *part) {
      const bool known = std::find(index.reads.begin(), index.reads.end(), column) != index.reads.end();
      if (!known && !column.empty()) index.reads.push_back(column);
    }
  }
  index.unique = row.truth(4);
  index.primary = row.truth(5);
  index.valid = row.truth(6);
  index.has_expression = row.truth(7);
  index.descending = row.truth(8);
  index.method = row.text(9);
  index.of_constraint = row.truth(10);
  const auto more = row.list(11);
  if (more.size() != 2) return index;
  index.parent = more[0];
  index.partial = !more[1].empty();
  if (index.partial) index.predicate = predicate_of(more[1]);
  return index;
}

catalog::Type read_user_type(const Texts& row) {
  catalog::Type type;
  type.name = row.name(0);
  type.is_enum = row.text(2) == "e";
  type.is_domain = row.text(2) == "d";
  if (type.is_domain) type.base = read_type(row, 3);
  type.constrained = row.truth(7);
  type.labels = row.list(8);
  type.used_by = row.names(9);
  return type;
}

catalog::Function read_function(const Texts& row) {
  catalog::Function function;
  function.name = row.name(0);
  if (row.text(2) == "i") function.volatility = catalog::Volatility::immutable;
  if (row.text(2) == "s") function.volatility = catalog::Volatility::stable;
  return function;
}

void read_server(const Texts& row, catalog::Schema& schema) {
  schema.server_version = row.number<int>(0);
  schema.time_zone = row.text(1);
  schema.search_path = row.list(2);
}

// A row that belongs to a relation.
void read_part(const std::string& kind, const Texts& row, catalog::Relation& relation) {
  if (kind == "column") {
    relation.columns.push_back(read_column(row));
  } else if (kind == "constraint") {
    relation.constraints.push_back(read_constraint(row));
  } else if (kind == "index") {
    relation.indexes.push_back(read_index(row));
  } else if (kind == "nulls") {
    if (auto* column = relation.column(row.text(0))) column->null_fraction = row.number<double>(1);
  } else if (kind == "view") {
    if (auto* column = relation.column(row.text(0))) column->views.push_back(to_text(row.name(1)));
  }
}

// From 18 on a column may be marked before its rows are known to be filled.
void take_back_not_null(catalog::Relation& relation) {
  for (const auto& constraint : relation.constraints) {
    if (constraint.kind != ConstraintKind::not_null || constraint.valid) continue;
    for (const auto& name : constraint.columns) {
      if (auto* column = relation.column(name)) column->not_null = false;
    }
  }
}

}  // namespace

// Source: the typmodout functions of the types (varchar.c, numeric.c, timestamp.c).
std::vector<std::int64_t> decode_modifier(const std::string& type, std::int64_t modifier) {
  constexpr std::int64_t header = 4;
  constexpr std::int64_t all_fields = 0x7FFF;
  constexpr std::int64_t full_precision = 0xFFFF;
  if (type == "varchar" || type == "bpchar") return {modifier - header};
  if (type == "numeric") {
    const std::int64_t scale = (modifier - header) & 0x7FF;
    return {((modifier - header) >> 16) & 0xFFFF, (scale ^ 1024) - 1024};
  }
  if (type == "interval") {
    std::vector<std::int64_t> parts;
    if (const auto fields = (modifier >> 16) & all_fields; fields != all_fields) parts.push_back(fields);
    if (const auto precision = modifier & 0xFFFF; precision != full_precision) parts.push_back(precision);
    return parts;
  }
  return {modifier};
}

CatalogContent read_catalog_rows(const std::vector<Row>& rows) {
  CatalogContent content;
  // What belongs to a relation may come before it.
  for (const Row& row : rows) {
    const std::string kind = row[0].value_or(std::string());
    const Texts texts(row);
    if (kind == "server") read_server(texts, content.schema);
    if (kind == "type") content.schema.add(read_user_type(texts));
    if (kind == "function") content.schema.add(read_function(texts));
    if (kind == "relation") content.relations.emplace(row[1].value_or(std::string()), read_relation(texts));
  }
  for (const std::string_view pass : {"column", "other"}) {
    for (const Row& row : rows) {
      const std::string kind = row[0].value_or(std::string());
      if ((kind == "column") != (pass == "column")) continue;
      const auto place = content.relations.find(row[1].value_or(std::string()));
      if (place != content.relations.end()) read_part(kind, Texts(row), place->second.relation);
    }
  }
  for (auto& [oid, one] : content.relations) take_back_not_null(one.relation);
  return content;
}

}  // namespace migrate::db
