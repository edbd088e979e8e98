#include "db/pqxx_compat.hpp"

#include <memory>

#include "db/server_error_fields.hpp"

#if __has_include(<pqxx/connectionpolicy.hxx>)
#define MIGRATE_PQXX_6
#endif

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#include <pqxx/pqxx>

namespace migrate::db {

#ifdef MIGRATE_PQXX_6

namespace {

// Hands over the connection that is there, and never makes another.
class HandOver final : public pqxx::connectionpolicy {
 public:
  explicit HandOver(PqConnection raw) : connectionpolicy(std::string()), raw_(std::move(raw)) {}
  handle do_startconnect(handle existing) override { return existing ? existing : raw_.release(); }
  handle do_completeconnect(handle existing) override { return existing; }
  bool is_ready(handle existing) const noexcept override { return existing != nullptr; }

 private:
  PqConnection raw_;
};

}  // namespace

struct PqxxConnection::Adopted : pqxx::connection_base {
  explicit Adopted(PqConnection raw) : connection_base(policy), policy(std::move(raw)) {
    init();
    inhibit_reactivation(true);
  }
  ~Adopted() { close(); }
  HandOver policy;
};

namespace {

pqxx::result execute(pqxx::transaction_base& transaction, const std::string& sql,
                     std::span<const std::optional<std::string>> parameters) {
  std::vector<const char*> values;
  values.reserve(parameters.size());
  for (const auto& parameter : parameters) values.push_back(parameter ? parameter->c_str() : nullptr);
  return transaction.exec_params(sql, pqxx::prepare::make_dynamic_params(values));
}

}  // namespace

#else

struct PqxxConnection::Adopted : pqxx::connection {
  explicit Adopted(PqConnection raw) : connection(seize_raw_connection(raw.release())) {}
};

namespace {

pqxx::result execute(pqxx::transaction_base& transaction, const std::string& sql,
                     std::span<const std::optional<std::string>> parameters) {
  pqxx::params values;
  values.reserve(parameters.size());
  for (const auto& parameter : parameters) values.append(parameter);
#if PQXX_VERSION_MAJOR > 7 || (PQXX_VERSION_MAJOR == 7 && PQXX_VERSION_MINOR >= 10)
  return transaction.exec(sql, values);
#else
  return transaction.exec_params(sql, values);
#endif
}

}  // namespace

#endif

namespace {

// "ERROR:  42P01: relation ... does not exist\nLINE 1: ...": libpqxx 6.4 knows no SQLSTATE of some of its exceptions.
ServerError read_what(std::string_view what) {
  ErrorText text = split_verbose_text(what.substr(0, what.find('\n')));
  ServerError error;
  error.sqlstate = std::move(text.sqlstate);
  const auto label_end = text.text.find(": ");
  error.message =
      error.sqlstate.empty() || label_end == std::string::npos ? text.text : text.text.substr(label_end + 2);
  return error;
}

std::vector<Row> read_rows(const pqxx::result& result) {
  std::vector<Row> rows;
  rows.reserve(static_cast<std::size_t>(result.size()));
  for (const auto& values : result) {
    Row row;
    row.reserve(static_cast<std::size_t>(values.size()));
    for (const auto& value : values) {
      row.push_back(value.is_null() ? std::nullopt : std::optional(std::string(value.c_str(), value.size())));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

PqxxConnection::PqxxConnection(PGconn* raw, std::unique_ptr<Adopted> adopted)
    : raw_(raw), adopted_(std::move(adopted)) {}
PqxxConnection::PqxxConnection(PqxxConnection&&) noexcept = default;
PqxxConnection& PqxxConnection::operator=(PqxxConnection&&) noexcept = default;
PqxxConnection::~PqxxConnection() = default;

Result<PqxxConnection, ServerError> PqxxConnection::adopt(PqConnection raw) {
  PGconn* const connection = raw.get();
  try {
    return PqxxConnection(connection, std::make_unique<Adopted>(std::move(raw)));
  } catch (const std::exception& refusal) {
    ServerError error;
    error.message = join_lines(refusal.what());
    error.connection_lost = true;
    return Unexpected{std::move(error)};
  }
}

Result<std::vector<Row>, ServerError> PqxxConnection::query(const std::string& sql,
                                                            std::span<const std::optional<std::string>> parameters) {
  ServerError error;
  try {
    pqxx::nontransaction transaction(*adopted_);
    return read_rows(execute(transaction, sql, parameters));
  } catch (const std::exception& refusal) {
    error = read_what(refusal.what());
  }
  error.connection_lost = PQstatus(raw_) == CONNECTION_BAD;
  return Unexpected{std::move(error)};
}

}  // namespace migrate::db

#pragma GCC diagnostic pop
