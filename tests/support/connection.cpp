#include <memory>
#include <stdexcept>

#include <libpq-fe.h>

#include "support/test_server.hpp"

namespace migrate::test {
namespace {

struct FreeResult {
  void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, FreeResult>;

}  // namespace

struct Connection::State {
  PGconn* connection = nullptr;
  ~State() { PQfinish(connection); }

  ResultPtr checked(PGresult* raw) const {
    ResultPtr result(raw);
    const auto status = PQresultStatus(result.get());
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY)
      throw std::runtime_error(PQerrorMessage(connection));
    return result;
  }
};

Connection::Connection(const std::string& conninfo) : state_(std::make_unique<State>()) {
  state_->connection = PQconnectdb(conninfo.c_str());
  if (PQstatus(state_->connection) != CONNECTION_OK) throw std::runtime_error(PQerrorMessage(state_->connection));
  // Notices are not what a test asks for; its output shall be its findings.
  PQsetNoticeReceiver(
      state_->connection, [](void*, const PGresult*) {}, nullptr);
}

Connection::~Connection() = default;
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;

void Connection::execute(const std::string& sql) { state_->checked(PQexec(state_->connection, sql.c_str())); }

std::vector<Row> Connection::rows(const std::string& sql) {
  const auto result = state_->checked(PQexec(state_->connection, sql.c_str()));
  std::vector<Row> rows;
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    Row values;
    for (int column = 0; column < PQnfields(result.get()); ++column) {
      if (PQgetisnull(result.get(), row, column) != 0)
        values.emplace_back(std::nullopt);
      else
        values.emplace_back(PQgetvalue(result.get(), row, column));
    }
    rows.push_back(std::move(values));
  }
  return rows;
}

std::string Connection::value(const std::string& sql) {
  const auto all = rows(sql);
  if (all.empty() || all.front().empty() || !all.front().front()) throw std::runtime_error("no value: " + sql);
  return *all.front().front();
}

int Connection::pid() const { return PQbackendPID(state_->connection); }

void Connection::send(const std::string& sql) {
  if (PQsendQuery(state_->connection, sql.c_str()) != 1) throw std::runtime_error(PQerrorMessage(state_->connection));
}

void Connection::receive() {
  std::string trouble;
  while (PGresult* result = PQgetResult(state_->connection)) {
    try {
      state_->checked(result);
    } catch (const std::runtime_error& error) {
      trouble = error.what();
    }
  }
  if (!trouble.empty()) throw std::runtime_error(trouble);
}

}  // namespace migrate::test
