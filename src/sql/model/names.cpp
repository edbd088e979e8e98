// Names of things as text, and what is asked of a model without the tree.
#include <algorithm>
#include <array>

#include <migrate/sql/model.hpp>

#include "sql/identifier.hpp"
#include "sql/model/tree.hpp"

namespace migrate::sql {
namespace {

struct KindRow {
  ObjectKind kind;
  std::string_view text;
};

constexpr std::array kind_texts{
    KindRow{ObjectKind::table, "table"},
    KindRow{ObjectKind::view, "view"},
    KindRow{ObjectKind::materialized_view, "materialized view"},
    KindRow{ObjectKind::foreign_table, "foreign table"},
    KindRow{ObjectKind::index, "index"},
    KindRow{ObjectKind::sequence, "sequence"},
    KindRow{ObjectKind::column, "column"},
    KindRow{ObjectKind::constraint, "constraint"},
    KindRow{ObjectKind::schema, "schema"},
    KindRow{ObjectKind::type, "type"},
    KindRow{ObjectKind::domain, "domain"},
    KindRow{ObjectKind::enum_value, "enum value"},
    KindRow{ObjectKind::function, "function"},
    KindRow{ObjectKind::procedure, "procedure"},
    KindRow{ObjectKind::aggregate, "aggregate"},
    KindRow{ObjectKind::trigger, "trigger"},
    KindRow{ObjectKind::policy, "policy"},
    KindRow{ObjectKind::rule, "rule"},
    KindRow{ObjectKind::extension, "extension"},
    KindRow{ObjectKind::database, "database"},
    KindRow{ObjectKind::role, "role"},
    KindRow{ObjectKind::tablespace, "tablespace"},
    KindRow{ObjectKind::publication, "publication"},
    KindRow{ObjectKind::subscription, "subscription"},
    KindRow{ObjectKind::collation, "collation"},
    KindRow{ObjectKind::cast, "cast"},
    KindRow{ObjectKind::statistics, "statistics"},
    KindRow{ObjectKind::attribute, "attribute"},
    KindRow{ObjectKind::other, "object"},
};

}  // namespace

std::string_view to_text(ObjectKind kind) {
  const auto* row =
      std::find_if(kind_texts.begin(), kind_texts.end(), [kind](const KindRow& each) { return each.kind == kind; });
  return row == kind_texts.end() ? "object" : row->text;
}

std::string to_text(const QualifiedName& name) {
  const std::string own = quote_where_needed(name.name);
  return name.schema.empty() ? own : quote_where_needed(name.schema) + "." + own;
}

ObjectKind to_kind(PgQuery__ObjectType type) {
  switch (type) {
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLE: return ObjectKind::table;
    case PG_QUERY__OBJECT_TYPE__OBJECT_VIEW: return ObjectKind::view;
    case PG_QUERY__OBJECT_TYPE__OBJECT_MATVIEW: return ObjectKind::materialized_view;
    case PG_QUERY__OBJECT_TYPE__OBJECT_FOREIGN_TABLE: return ObjectKind::foreign_table;
    case PG_QUERY__OBJECT_TYPE__OBJECT_INDEX: return ObjectKind::index;
    case PG_QUERY__OBJECT_TYPE__OBJECT_SEQUENCE: return ObjectKind::sequence;
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLUMN: return ObjectKind::column;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABCONSTRAINT:
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMCONSTRAINT: return ObjectKind::constraint;
    case PG_QUERY__OBJECT_TYPE__OBJECT_SCHEMA: return ObjectKind::schema;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TYPE: return ObjectKind::type;
    case PG_QUERY__OBJECT_TYPE__OBJECT_DOMAIN: return ObjectKind::domain;
    case PG_QUERY__OBJECT_TYPE__OBJECT_FUNCTION:
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROUTINE: return ObjectKind::function;
    case PG_QUERY__OBJECT_TYPE__OBJECT_PROCEDURE: return ObjectKind::procedure;
    case PG_QUERY__OBJECT_TYPE__OBJECT_AGGREGATE: return ObjectKind::aggregate;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TRIGGER: return ObjectKind::trigger;
    case PG_QUERY__OBJECT_TYPE__OBJECT_POLICY: return ObjectKind::policy;
    case PG_QUERY__OBJECT_TYPE__OBJECT_RULE: return ObjectKind::rule;
    case PG_QUERY__OBJECT_TYPE__OBJECT_EXTENSION: return ObjectKind::extension;
    case PG_QUERY__OBJECT_TYPE__OBJECT_DATABASE: return ObjectKind::database;
    case PG_QUERY__OBJECT_TYPE__OBJECT_ROLE: return ObjectKind::role;
    case PG_QUERY__OBJECT_TYPE__OBJECT_TABLESPACE: return ObjectKind::tablespace;
    case PG_QUERY__OBJECT_TYPE__OBJECT_PUBLICATION: return ObjectKind::publication;
    case PG_QUERY__OBJECT_TYPE__OBJECT_SUBSCRIPTION: return ObjectKind::subscription;
    case PG_QUERY__OBJECT_TYPE__OBJECT_COLLATION: return ObjectKind::collation;
    case PG_QUERY__OBJECT_TYPE__OBJECT_CAST: return ObjectKind::cast;
    case PG_QUERY__OBJECT_TYPE__OBJECT_STATISTIC_EXT: return ObjectKind::statistics;
    case PG_QUERY__OBJECT_TYPE__OBJECT_ATTRIBUTE: return ObjectKind::attribute;
    default: return ObjectKind::other;
  }
}

const Constraint* Column::find(ConstraintKind kind) const {
  const auto found = std::find_if(constraints.begin(), constraints.end(),
                                  [kind](const Constraint& each) { return each.kind == kind; });
  return found == constraints.end() ? nullptr : &*found;
}

ByteRange first_words(const Model& model, std::size_t words) {
  ByteRange range;
  for (const Token& token : model.tokens) {
    if (token.kind == TokenKind::comment) continue;
    if (words == 0) break;
    if (range.empty()) range.begin = token.range.begin;
    range.end = token.range.end;
    --words;
  }
  return range;
}

}  // namespace migrate::sql
