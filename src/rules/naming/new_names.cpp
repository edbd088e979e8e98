#include "rules/naming/new_names.hpp"

#include <algorithm>

#include <migrate/base/text.hpp>
#include <migrate/catalog/generated_names.hpp>

namespace migrate::rules {
namespace {

std::optional<NameKind> kind_of(sql::ConstraintKind kind) {
  switch (kind) {
    case sql::ConstraintKind::primary_key: return NameKind::primary_key;
    case sql::ConstraintKind::unique: return NameKind::unique;
    case sql::ConstraintKind::check: return NameKind::check;
    case sql::ConstraintKind::foreign_key: return NameKind::foreign_key;
    case sql::ConstraintKind::exclusion: return NameKind::exclusion;
    default: return std::nullopt;
  }
}

std::optional<NameKind> kind_of(sql::ObjectKind kind) {
  switch (kind) {
    case sql::ObjectKind::table:
    case sql::ObjectKind::foreign_table: return NameKind::table;
    case sql::ObjectKind::view: return NameKind::view;
    case sql::ObjectKind::materialized_view: return NameKind::materialized_view;
    case sql::ObjectKind::sequence: return NameKind::sequence;
    case sql::ObjectKind::column:
    case sql::ObjectKind::attribute: return NameKind::column;
    case sql::ObjectKind::schema: return NameKind::schema;
    case sql::ObjectKind::type: return NameKind::type;
    case sql::ObjectKind::domain: return NameKind::domain;
    case sql::ObjectKind::function:
    case sql::ObjectKind::procedure:
    case sql::ObjectKind::aggregate: return NameKind::function;
    case sql::ObjectKind::trigger: return NameKind::trigger;
    default: return std::nullopt;
  }
}

NameKind kind_of(const catalog::Relation& table, const catalog::Index& index) {
  if (index.primary) return NameKind::primary_key;
  const auto* constraint = index.of_constraint ? table.constraint(index.name) : nullptr;
  if (const auto kind = constraint ? kind_of(constraint->kind) : std::nullopt) return *kind;
  return index.unique ? NameKind::unique_index : NameKind::index;
}

std::vector<std::string> without_expressions(std::vector<std::string> columns) {
  std::replace(columns.begin(), columns.end(), std::string(), std::string("expr"));
  return columns;
}

class Collector {
 public:
  Collector(const Site& site, NameKinds wanted) : site_(site), wanted_(wanted) {}
  std::vector<NewName> found;

  void operator()(const sql::CreateTable& create) {
    if (create.temporary || create.partition_of || create.name.schema == "pg_temp") return;
    add(NameKind::table, create.name, create.if_not_exists);
    for (const auto& column : create.columns) add_column(create.name, column);
    for (const auto& constraint : create.constraints) add_constraint(create.name, constraint);
  }

  void operator()(const sql::AlterTable& alter) {
    if (is_free(alter.name)) return;
    for (const auto& command : alter.commands) {
      if (command.column) add_column(alter.name, *command.column);
      if (command.constraint) add_constraint(alter.name, *command.constraint);
    }
  }

  void operator()(const sql::CreateIndex& create) {
    const bool wanted = wanted_.has(NameKind::index) || wanted_.has(NameKind::unique_index) ||
                        wanted_.has(NameKind::unique) || wanted_.has(NameKind::primary_key);
    if (!wanted || is_free(create.table)) return;
    NewName name{.kind = create.unique ? NameKind::unique_index : NameKind::index};
    const auto* adopts = adopter(create.name);
    if (adopts && !adopts->name.empty() && adopts->name != create.name) return;
    if (adopts) name.kind = kind_of(adopts->kind).value_or(name.kind);
    name.name = create.name;
    name.range = last_identifier(site_, create.name_range);
    name.definition = site_.judged().statement.range;
    name.parts = parts_of(create.table);
    name.otherwise = name.parts;
    name.parts.predicate = create.where.has_value();
    name.parts.columns = catalog::element_names(create.elements);
    for (const auto& element : create.elements) add_columns(element, name.otherwise.columns);
    name.include = create.include;
    name.if_not_exists = create.if_not_exists;
    found.push_back(std::move(name));
  }

  void operator()(const sql::Rename& rename) {
    NewName name;
    name.name = rename.new_name;
    name.range = last_identifier(site_, rename.new_name_range);
    name.definition = site_.judged().statement.range;
    name.renames = true;
    const bool inside = rename.object == sql::ObjectKind::column || rename.object == sql::ObjectKind::constraint ||
                        rename.object == sql::ObjectKind::trigger || rename.object == sql::ObjectKind::table;
    if (inside && is_free(rename.relation)) return;
    const bool named = rename.object == sql::ObjectKind::index        ? take_index(rename, name)
                       : rename.object == sql::ObjectKind::constraint ? take_constraint(rename, name)
                                                                      : take_object(rename, name);
    if (named) found.push_back(std::move(name));
  }

  void operator()(const sql::CreateSequence& create) {
    if (!create.temporary) add(NameKind::sequence, create.name, create.if_not_exists);
  }
  void operator()(const sql::CreateView& create) {
    if (create.temporary) return;
    add(create.materialized ? NameKind::materialized_view : NameKind::view, create.name, create.if_not_exists);
  }
  void operator()(const sql::CreateSchema& create) {
    if (create.name.empty()) return;
    add(NameKind::schema, {{}, create.name, create.name_range}, create.if_not_exists);
  }
  void operator()(const sql::CreateEnum& create) { add(NameKind::type, create.name); }
  void operator()(const sql::CreateType& create) { add(NameKind::type, create.name); }
  void operator()(const sql::CreateDomain& create) { add(NameKind::domain, create.name); }
  void operator()(const sql::CreateFunction& create) { add(NameKind::function, create.name); }
  void operator()(const sql::CreateTrigger& create) {
    if (is_free(create.table)) return;
    add(NameKind::trigger, {{}, create.name, create.name_range});
    if (!found.empty()) found.back().parts = parts_of(create.table);
  }
  template <class Other>
  void operator()(const Other&) {}

 private:
  [[nodiscard]] bool is_free(const sql::QualifiedName& table) const {
    const auto* known = site_.relation(table);
    return table.schema == "pg_temp" || (known && (known->temporary || known->partition_of));
  }

  [[nodiscard]] NameParts parts_of(const sql::QualifiedName& table) const {
    NameParts parts;
    parts.schema = site_.schema.resolve(table).schema;
    parts.table = table.name;
    return parts;
  }

  void add(NameKind kind, const sql::QualifiedName& object, bool if_not_exists = false) {
    if (!wanted_.has(kind)) return;
    NewName name{.kind = kind, .name = object.name};
    name.range = last_identifier(site_, object.range);
    name.definition = site_.judged().statement.range;
    name.if_not_exists = if_not_exists;
    name.parts = parts_of(object);
    // A sequence doesn't say whose it is.
    if (kind != NameKind::table) name.parts.table.clear();
    found.push_back(std::move(name));
  }

  void add_column(const sql::QualifiedName& table, const sql::Column& column) {
    if (wanted_.has(NameKind::column)) {
      NewName name{.kind = NameKind::column, .name = column.name, .range = column.name_range};
      name.definition = column.range;
      name.parts = parts_of(table);
      name.parts.column = column.name;
      name.parts.type = column.type.name;
      found.push_back(std::move(name));
    }
    for (const auto& constraint : column.constraints) add_constraint(table, constraint);
  }

  void add_constraint(const sql::QualifiedName& table, const sql::Constraint& constraint) {
    const auto kind = kind_of(constraint.kind);
    // Without a name of its own it has the index's, which was judged when that was made.
    if (!kind || !wanted_.has(*kind) || (constraint.name.empty() && !constraint.using_index.empty())) return;
    NewName name{.kind = *kind, .name = constraint.name, .range = last_identifier(site_, constraint.name_range)};
    name.definition = constraint.range;
    name.parts = parts_of(table);
    name.parts.columns = constraint.columns;
    if (constraint.kind == sql::ConstraintKind::check && constraint.expression) {
      name.parts.columns = constraint.expression->columns;
    }
    if (const auto* index = adopted(table, constraint)) name.parts.columns = without_expressions(index->columns);
    name.parts.referenced_table = constraint.references.name;
    name.parts.referenced_columns = constraint.referenced_columns;
    name.include = constraint.include;
    name.otherwise = name.parts;
    found.push_back(std::move(name));
  }

  static void add_columns(const sql::IndexElement& element, std::vector<std::string>& columns) {
    if (!element.column.empty()) columns.push_back(element.column);
    if (element.column.empty() && element.expression) {
      columns.insert(columns.end(), element.expression->columns.begin(), element.expression->columns.end());
    }
  }

  // The constraint that a later statement of the revision makes of the index.
  [[nodiscard]] const sql::Constraint* adopter(const std::string& index) const {
    if (index.empty()) return nullptr;
    for (std::size_t i = site_.index + 1; i < site_.revision.statements.size(); ++i) {
      const auto* alter = site_.action<sql::AlterTable>(i);
      if (!alter) continue;
      for (const auto& command : alter->commands) {
        if (command.constraint && command.constraint->using_index == index) return &*command.constraint;
      }
    }
    return nullptr;
  }

  [[nodiscard]] const catalog::Index* adopted(const sql::QualifiedName& table,
                                              const sql::Constraint& constraint) const {
    const auto* known = constraint.using_index.empty() ? nullptr : site_.relation(table);
    return known ? known->index(constraint.using_index) : nullptr;
  }

  // What is not known has a kind that nobody knows: it is not judged.
  bool take_index(const sql::Rename& rename, NewName& name) const {
    const auto [table, index] = site_.schema.find_index(rename.relation);
    if (!index || is_free(table->name)) return false;
    name.kind = kind_of(*table, *index);
    name.parts = parts_of(table->name);
    name.parts.columns = without_expressions(index->columns);
    name.otherwise = name.parts;
    if (index->has_expression) name.otherwise.columns = index->reads;
    return true;
  }

  bool take_constraint(const sql::Rename& rename, NewName& name) const {
    const auto* table = site_.relation(rename.relation);
    const auto* constraint = table ? table->constraint(rename.old_name) : nullptr;
    const auto kind = constraint ? kind_of(constraint->kind) : std::nullopt;
    if (!kind) return false;
    name.kind = *kind;
    name.parts = parts_of(rename.relation);
    name.parts.columns = constraint->columns;
    name.parts.referenced_table = constraint->references.name;
    name.parts.referenced_columns = constraint->referenced_columns;
    name.otherwise = name.parts;
    return true;
  }

  bool take_object(const sql::Rename& rename, NewName& name) const {
    const auto kind = kind_of(rename.object);
    if (!kind) return false;
    // ALTER TABLE renames views, sequences and indexes, too.
    const auto* known = rename.object == sql::ObjectKind::table ? site_.relation(rename.relation) : nullptr;
    const bool of_another_kind =
        rename.object == sql::ObjectKind::table && !known && site_.schema.find_index(rename.relation).second != nullptr;
    if (of_another_kind) return false;
    name.kind = known ? kind_of(known->kind).value_or(*kind) : *kind;
    name.parts = parts_of(rename.relation);
    if (*kind == NameKind::column) name.parts.column = rename.new_name;
    if (*kind == NameKind::table) name.parts.table = rename.new_name;
    return true;
  }

  const Site& site_;
  NameKinds wanted_;
};

}  // namespace

std::vector<NewName> new_names(const Site& site, NameKinds kinds) {
  Collector collector(site, kinds);
  std::visit(collector, site.model().action);
  return std::move(collector.found);
}

ByteRange last_identifier(const Site& site, ByteRange range) {
  ByteRange last;
  for (const auto& token : site.model().tokens) {
    const bool name = token.kind == sql::TokenKind::word || token.kind == sql::TokenKind::quoted_identifier;
    if (name && token.range.begin >= range.begin && token.range.end <= range.end) last = token.range;
  }
  return last;
}

}  // namespace migrate::rules
