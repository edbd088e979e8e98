#include <migrate/catalog/generated_names.hpp>

#include "catalog/change.hpp"
#include "catalog/lookup.hpp"

namespace migrate::catalog {
namespace {

Index index_of(const Change& change, const sql::CreateIndex& create) {
  Index index;
  for (const auto& element : create.elements) {
    index.columns.push_back(element.column);
    index.descending = index.descending || element.descending || element.nulls_written;
    if (element.column.empty()) {
      index.has_expression = true;
    } else {
      add_once(index.reads, element.column);
    }
    if (element.expression) {
      for (const auto& column : element.expression->columns) add_once(index.reads, column);
    }
  }
  index.include = create.include;
  for (const auto& column : create.include) add_once(index.reads, column);
  if (create.where) {
    index.partial = true;
    index.predicate = create.where->text;
    for (const auto& column : create.where->columns) add_once(index.reads, column);
  }
  index.unique = create.unique;
  if (!create.method.empty()) index.method = create.method;
  index.origin = change.maker.origin;
  return index;
}

}  // namespace

void run(const Change& change, const sql::CreateIndex& create) {
  Relation* const table = change.schema.find(create.table);
  if (!table) return;
  Index index = index_of(change, create);
  index.name = create.name;
  if (index.name.empty()) {
    std::vector<std::string> names = element_names(create.elements);
    names.insert(names.end(), create.include.begin(), create.include.end());
    index.name = choose_relation_name(change.schema, *table, joined_columns(names), "idx", false);
  } else {
    const sql::QualifiedName name{table->name.schema, index.name, {}};
    if (change.schema.find_index(name).second || change.schema.relations().contains(to_text(name))) return;
  }
  // ON ONLY of a partitioned table: valid when its parts are attached.
  index.valid = !(create.only && table->partitioned && !children_of(change.schema, table->name).empty());
  table->indexes.push_back(std::move(index));
  if (table->partitioned && !create.only) hand_down(change, *table);
}

}  // namespace migrate::catalog
