/// \file
/// Where the database is, as users write it, and how its secrets stay hidden.
#pragma once

#include <optional>
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
/// parameters that only drivers know, like `async_fallback`), `host=... dbname=...`, `embedded:[NAME]`. What libpq
/// would misread is refused here, before it can repeat a piece of the password in an error of its own. Errors:
/// `invalid-database-url`, which never shows the text.
Result<DatabaseUrl> parse_database_url(std::string_view text);

/// Does it hold a password, or another secret?
bool has_password(const DatabaseUrl& url);
/// The connection string as it may be shown: password (in userinfo, parameters or words) as "***".
std::string masked(const DatabaseUrl& url);

/// Replaces every secret by "***" in texts that came from elsewhere (libpq's errors): raw, percent-encoded in any way,
/// or escaped with backslashes. Whatever looks like a connection string's password is masked too, known or not.
class SecretMask {
 public:
  /// Secrets shorter than 3 characters, and words like "postgres" that every text about a connection has, are masked
  /// only within a connection string's own shape.
  void add(std::string secret);
  void add(const SecretMask& other);
  [[nodiscard]] std::string apply(std::string_view text) const;
  /// The passwords of a connection string and of PGPASSWORD.
  static SecretMask of(const DatabaseUrl& url, std::string_view pgpassword);
  /// What looks like a password within a text that may be anything; none: there is nothing to hide.
  static std::optional<SecretMask> found_in(std::string_view text);

 private:
  std::vector<std::string> secrets_;
};

}  // namespace migrate::config
