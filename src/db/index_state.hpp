// The index that CREATE INDEX CONCURRENTLY speaks of, as the catalog has it.
#pragma once

#include <migrate/db/session.hpp>
#include <migrate/sql/statement.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::db {

// As to_regclass() takes it.
std::string quoted(const sql::CatalogName& name);

struct FoundIndex {
  std::string name;       // qualified, quoted
  bool of_table = false;  // false: something else has the name
  bool valid = false;
  std::string definition;  // what follows the table's name, with UNIQUE before it
};

// What has the name of the statement's index; where it gives none, all indexes of its table.
Result<std::vector<FoundIndex>, ServerError> find_indexes(Session& session, const sql::LastingEffect& effect);

// What find_indexes() would tell of the definition, were the index built. None: the server refuses it, or the copy.
// Made on an empty copy of the table that is rolled back: only the server knows how it writes a definition.
Result<std::optional<std::string>, ServerError> intended_definition(Session& session, const sql::LastingEffect& effect,
                                                                    std::string_view statement);

// The same index on another table: `CREATE [UNIQUE] INDEX` with the names changed, and without CONCURRENTLY. Empty
// where the statement is not CREATE INDEX CONCURRENTLY.
std::string on_another_table(std::string_view statement, std::string_view index, std::string_view table);

}  // namespace migrate::db
