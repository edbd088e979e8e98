// A connection string as libpq reads it, and what of it may be shown.
#pragma once

#include <migrate/base/result.hpp>
#include <migrate/db/session.hpp>

#include "db/pq_handles.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace migrate::db {

// Where a connection goes, without secrets.
struct ConnectTarget {
  std::string database, host, port, user;
};

// "app_dev at localhost:5432 as app"
std::string describe(const ConnectTarget& target);

// Keywords and values for PQconnectStartParams.
class ConnectParameters {
 public:
  // Errors: `invalid-connection-string`, which shows nothing that could be a secret.
  static Result<ConnectParameters> parse(const ConnectOptions& options);

  [[nodiscard]] std::vector<const char*> keywords() const;  // closed by a null
  [[nodiscard]] std::vector<const char*> values() const;    // closed by a null
  void set(const std::string& keyword, std::string value);
  void set_fallback(const std::string& keyword, std::string value);
  [[nodiscard]] std::string value(std::string_view keyword) const;

 private:
  std::vector<std::string> keywords_, values_;
};

// libpq's complaint about a connection string without the pieces of it that it quotes: one may be half a password.
std::string without_quoted_pieces(std::string_view complaint);

}  // namespace migrate::db
