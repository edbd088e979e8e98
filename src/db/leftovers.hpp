// What a statement that runs outside a transaction may leave when it fails.
#pragma once

#include <migrate/db/session.hpp>

#include "db/session_state.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::db {

// For people: `invalid index app.ix_email`, `partition app.old half detached`. Sorted.
using Leftovers = std::vector<std::string>;

// All that there are in the database.
Result<Leftovers, ServerError> read_leftovers(Session& session);
// Those that came.
Leftovers added(const Leftovers& before, const Leftovers& after);

// The names of CREATE INDEX CONCURRENTLY [IF NOT EXISTS] index ON table, as written.
struct NamedIndex {
  std::string index;  // as the catalog has it
  std::string table;  // as to_regclass() takes it
  bool operator==(const NamedIndex&) const = default;
};
std::optional<NamedIndex> parse_named_index(std::string_view statement);

// "invalid index app.ix_email", if this one is invalid.
Result<std::optional<std::string>, ServerError> read_invalid_index(Session& session, const NamedIndex& index);

}  // namespace migrate::db
