// A libpqxx connection around a PGconn of our own making: the one place that knows of libpqxx 6.4 and 7.
#pragma once

#include <migrate/db/session.hpp>

#include "db/pq_handles.hpp"

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace migrate::db {

class PqxxConnection {
 public:
  // Requires: a PGconn that is connected. It never connects again by itself.
  static Result<PqxxConnection, ServerError> adopt(PqConnection raw);
  PqxxConnection(PqxxConnection&&) noexcept;
  PqxxConnection& operator=(PqxxConnection&&) noexcept;
  ~PqxxConnection();

  [[nodiscard]] PGconn* raw() const { return raw_; }
  Result<std::vector<Row>, ServerError> query(const std::string& sql,
                                              std::span<const std::optional<std::string>> parameters);

 private:
  struct Adopted;
  PqxxConnection(PGconn* raw, std::unique_ptr<Adopted> adopted);
  PGconn* raw_;
  std::unique_ptr<Adopted> adopted_;
};

}  // namespace migrate::db
