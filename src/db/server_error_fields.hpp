// From libpq's results and texts to a ServerError.
#pragma once

#include <migrate/db/server_error.hpp>

#include "db/pq_handles.hpp"

#include <string>
#include <string_view>

namespace migrate::db {

// A PGRES_FATAL_ERROR, of the server or of libpq itself.
ServerError read_server_error(const PGresult* result, const PGconn* connection);
// What the connection complains of where there is no result.
ServerError read_connection_error(const PGconn* connection);
Notice read_notice(const PGresult* result);

// libpq's verbose text for people: the SQLSTATE out of it (where there is no result to ask, there is no other way), and
// the rest without it and without the place in the server's own source.
struct ErrorText {
  std::string sqlstate, text;
  bool operator==(const ErrorText&) const = default;
};
ErrorText split_verbose_text(std::string_view verbose);

// libpq's lines as one: what begins a sentence of its own stands behind a semicolon. Valid UTF-8.
std::string join_lines(std::string_view text);

// On one line, and valid UTF-8.
std::string tidy_text(std::string_view text);

}  // namespace migrate::db
