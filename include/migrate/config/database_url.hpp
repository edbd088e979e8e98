/// \file
/// Where the database is, as users write it, and how its secrets stay hidden.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>

namespace migrate::config {

/// A connection string that libpq takes (a URL or `key=value` words; empty: libpq's own PG* variables and defaults),
/// or the embedded PostgreSQL.
struct DatabaseUrl {
  std::string conninfo;
  bool embedded = false;      ///< `embedded:` or `embedded:NAME`
  std::string embedded_name;  ///< the database in the embedded cluster; default "app"
  bool operator==(const DatabaseUrl&) const = default;
};

/// `postgres://`, `postgresql://`, SQLAlchemy's `postgresql+DRIVER://` (the driver is dropped, and with it query
/// parameters that only drivers know, like `async_fallback`), `host=... dbname=...`, `embedded:[NAME]`.
/// Errors: `invalid-database-url`, which never shows the password.
Result<DatabaseUrl> parse_database_url(std::string_view text);

/// Does it hold a password?
bool has_password(const DatabaseUrl& url);
/// The connection string as it may be shown: password (in userinfo, parameters or words) as "***".
std::string masked(const DatabaseUrl& url);

/// Replaces every secret, raw and percent-encoded, in texts that came from elsewhere (libpq's errors).
class SecretMask {
 public:
  /// Secrets shorter than 3 characters are masked only within a connection string's own shape.
  void add(std::string secret);
  [[nodiscard]] std::string apply(std::string_view text) const;
  /// The passwords of a connection string and of PGPASSWORD.
  static SecretMask of(const DatabaseUrl& url, std::string_view pgpassword);

 private:
  std::vector<std::string> secrets_;
};

}  // namespace migrate::config
