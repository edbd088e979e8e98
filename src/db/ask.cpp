#include "db/ask.hpp"

#include "db/poll_wait.hpp"
#include "db/server_error_fields.hpp"

#include <poll.h>

namespace migrate::db {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

Unexpected<ServerError> gave_up(const char* why) {
  ServerError error;
  error.message = why;
  error.connection_lost = true;
  return {std::move(error)};
}

std::vector<Row> rows_of(const PGresult* result) {
  std::vector<Row> rows;
  for (int i = 0; i < PQntuples(result); ++i) {
    Row& row = rows.emplace_back();
    for (int j = 0; j < PQnfields(result); ++j) {
      row.push_back(PQgetisnull(result, i, j) ? std::nullopt : std::optional<std::string>(PQgetvalue(result, i, j)));
    }
  }
  return rows;
}

}  // namespace

Result<std::vector<Row>, ServerError> ask(PGconn* connection, const std::string& sql, const Interrupt* give_up,
                                          milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  if (!PQsendQuery(connection, sql.c_str())) return Unexpected{read_connection_error(connection)};
  std::vector<Row> rows;
  std::optional<ServerError> error;
  for (;;) {
    while (PQisBusy(connection)) {
      const auto left = std::chrono::ceil<milliseconds>(deadline - Clock::now());
      switch (wait_for(PQsocket(connection), POLLIN, give_up, left)) {
        case Wake::interrupted: return gave_up("nobody waits for the answer any more");
        case Wake::timed_out: return gave_up("there is no answer");
        case Wake::ready: break;
      }
      if (!PQconsumeInput(connection)) break;  // PQgetResult tells what happened
    }
    const PqResult result(PQgetResult(connection));
    if (!result) break;
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_TUPLES_OK) rows = rows_of(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && !error) {
      error = read_server_error(result.get(), connection);
    }
  }
  if (!error) return rows;
  error->connection_lost = PQstatus(connection) == CONNECTION_BAD;
  return Unexpected{*std::move(error)};
}

}  // namespace migrate::db
