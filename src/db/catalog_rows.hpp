// Rows of the catalog queries, as values.
#pragma once

#include <map>
#include <string>
#include <vector>

#include <migrate/catalog/schema.hpp>
#include <migrate/db/session.hpp>

namespace migrate::db {

struct CatalogRelation {
  catalog::Relation relation;
  bool may_be_asked = false;  // for a row
};

// What a snapshot holds, relations by their oid.
struct CatalogContent {
  catalog::Schema schema;  // without the relations
  std::map<std::string, CatalogRelation> relations;
};

// Rows of kinds that are not known are passed over.
CatalogContent read_catalog_rows(const std::vector<Row>& rows);

// atttypmod as the modifiers that were written.
std::vector<std::int64_t> decode_modifier(const std::string& type, std::int64_t modifier);

}  // namespace migrate::db
