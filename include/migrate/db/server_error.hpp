/// \file
/// What the server said when it refused, or the client library when the link broke.
#pragma once

#include <optional>
#include <string>

#include <migrate/base/diagnostic.hpp>
#include <migrate/base/source.hpp>

namespace migrate::db {

/// The fields of an ErrorResponse. Source: PostgreSQL documentation, "Error and Notice Message Fields".
struct ServerError {
  std::string sqlstate;  ///< empty: not from the server (the link broke, could not connect)
  std::string message;
  std::string detail;  ///< may hold row values: shown on a terminal, hidden elsewhere
  std::string hint;
  std::string context;
  std::string schema, table, column, constraint, datatype;
  std::optional<CharOffset> position;  ///< in the statement that was sent
  std::string internal_query;          ///< of a function's own SQL
  std::optional<CharOffset> internal_position;
  bool connection_lost = false;
  bool interrupted = false;  ///< cancelled because the user asked for it
  std::string own_id;        ///< the diagnostic's, where the server did as it was told and it is us who refuse
  bool operator==(const ServerError&) const = default;
};

struct Notice {
  std::string severity;  ///< NOTICE, WARNING, INFO ...
  std::string message, detail, hint, context;
};

/// The kebab-case name of a condition: "23505" -> "unique-violation". Source: appendix A of PostgreSQL's documentation.
std::string condition_name(const std::string& sqlstate);

/// A diagnostic (id = condition name, notes `postgres: SQLSTATE ...; detail`, hint) without place and state: the
/// caller knows those.
Diagnostic to_diagnostic(const ServerError& server_error);

}  // namespace migrate::db
