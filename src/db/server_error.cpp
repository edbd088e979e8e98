#include <migrate/db/server_error.hpp>

#include <migrate/base/result.hpp>

#include <fmt/format.h>

namespace migrate::db {
namespace {

std::string id_of(const ServerError& server_error) {
  if (server_error.interrupted) return "interrupted";
  if (!server_error.own_id.empty()) return server_error.own_id;
  if (!server_error.sqlstate.empty()) return condition_name(server_error.sqlstate);
  return server_error.connection_lost ? "connection-lost" : "statement-failed";
}

// "... at or near "'all the lines to the end"": the place is shown anyway.
std::string without_lines(const std::string& message) {
  const auto near = message.find(" at or near \"");
  return near != std::string::npos && message.find('\n', near) != std::string::npos ? message.substr(0, near) : message;
}

}  // namespace

Diagnostic to_diagnostic(const ServerError& server_error) {
  const bool of_server = !server_error.sqlstate.empty();
  const bool lost_without_a_word = !of_server && server_error.connection_lost;
  Diagnostic diagnostic = error(id_of(server_error), lost_without_a_word ? "the connection to the server was lost"
                                                                         : without_lines(server_error.message));
  diagnostic.sqlstate = server_error.sqlstate;
  if (lost_without_a_word) diagnostic = std::move(diagnostic).note("libpq", server_error.message);
  if (of_server) {
    const std::string detail = server_error.detail.empty() ? "" : "; " + server_error.detail;
    diagnostic = std::move(diagnostic).note("postgres", fmt::format("SQLSTATE {}{}", server_error.sqlstate, detail));
  }
  if (!server_error.hint.empty()) diagnostic = std::move(diagnostic).note("hint", server_error.hint);
  return diagnostic;
}

}  // namespace migrate::db
