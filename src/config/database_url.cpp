#include <migrate/config/database_url.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "config/connection_text.hpp"
#include "config/secrets.hpp"

namespace migrate::config {
namespace {

constexpr std::string_view embedded_scheme = "embedded:";
constexpr std::string_view default_embedded_name = "app";
constexpr std::size_t longest_name = 63;  // NAMEDATALEN - 1

Unexpected<Failure> invalid(std::string message, std::string help) {
  return fail(error("invalid-database-url", std::move(message)).help(std::move(help)));
}

bool is_embedded_name(std::string_view name) {
  const auto allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
  };
  return name.size() <= longest_name && std::all_of(name.begin(), name.end(), allowed) && !name.starts_with('-') &&
         name != "template0" && name != "template1";
}

Result<DatabaseUrl> parse_embedded(std::string_view name) {
  if (!is_embedded_name(name))
    return invalid("the database of `embedded:` has no usable name",
                   "write embedded:NAME with at most 63 letters, digits, `_` and `-`");
  DatabaseUrl url;
  url.embedded = true;
  url.embedded_name = name.empty() ? default_embedded_name : name;
  return url;
}

/// The parameters of a driver's URL in libpq's words.
class DriverQuery {
 public:
  DriverQuery(std::string_view text, const ConnectionText& scanned) : text_(text), scanned_(scanned) {}

  Result<std::string> translate() {
    for (const auto& field : scanned_.fields) {
      if (field.name_range.empty()) continue;
      if (field.name == "ssl")
        MIGRATE_TRY(take_ssl(field.value));
      else if (field.name == "host" && !field.value.empty() && !is_address(field.value))
        take_host(field.value);
      else if (is_libpq_parameter(field.name))
        parameters_.push_back(fmt::format("{}={}", field.name, field.value_range.of(text_)));
    }
    if (!hosts_.empty()) {
      parameters_.push_back("host=" + hosts_);
      if (ports_.find_first_not_of(',') != std::string::npos) parameters_.push_back("port=" + ports_);
    }
    return fmt::format("{}", fmt::join(parameters_, "&"));
  }

 private:
  static bool is_address(std::string_view host) {
    return host.find('/') != std::string_view::npos || std::count(host.begin(), host.end(), ':') != 1;
  }

  /// asyncpg's: to drop it would drop the encryption that was asked for.
  Result<void> take_ssl(std::string_view value) {
    if (scanned_.find("sslmode") != nullptr) return {};
    const auto lower = to_lower_ascii(value);
    std::string mode = lower == "true" || lower == "1"    ? "require"
                       : lower == "false" || lower == "0" ? "disable"
                                                          : lower;
    for (const auto* known : {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"})
      if (mode == known) {
        parameters_.push_back("sslmode=" + mode);
        return {};
      }
    return invalid("the parameter `ssl` of the database URL has no meaning for PostgreSQL", "write sslmode=require");
  }

  /// SQLAlchemy's `host=a:5432&host=b:5432` is libpq's `host=a,b&port=5432,5432`.
  void take_host(std::string_view value) {
    const auto colon = value.find(':');
    if (!hosts_.empty() || seen_host_) {
      hosts_ += ',';
      ports_ += ',';
    }
    seen_host_ = true;
    hosts_ += value.substr(0, colon);
    if (colon != std::string_view::npos) ports_ += value.substr(colon + 1);
  }

  std::string_view text_;
  const ConnectionText& scanned_;
  std::vector<std::string> parameters_;
  std::string hosts_;
  std::string ports_;
  bool seen_host_ = false;
};

Result<std::string> normalized(std::string_view text, const ConnectionText& scanned) {
  const auto base = to_lower_ascii(text.substr(0, text.find_first_of("+:")));
  const auto until_query = text.substr(scanned.scheme.end, scanned.query.begin - scanned.scheme.end);
  if (scanned.driver.empty()) return fmt::format("{}://{}{}", base, until_query, scanned.query.of(text));
  auto path = until_query.ends_with('?') ? until_query.substr(0, until_query.size() - 1) : until_query;
  MIGRATE_TRY_ASSIGN(const auto query, DriverQuery(text, scanned).translate());
  return fmt::format("postgresql://{}{}{}", path, query.empty() ? "" : "?", query);
}

}  // namespace

Result<DatabaseUrl> parse_database_url(std::string_view text) {
  text = trim(text);
  if (text.empty())
    return invalid("the database URL is empty", "write postgresql://user@host:5432/app, or embedded:app");
  if (text == "embedded")
    return invalid("the database URL `embedded` has no colon", "write embedded: or embedded:NAME");
  if (find_invalid_utf8(text)) return invalid("the database URL is not UTF-8 text", "encode other bytes as %XX");
  if (text.starts_with(embedded_scheme)) return parse_embedded(text.substr(embedded_scheme.size()));

  const auto scanned = scan_connection_text(text);
  if (!scanned) return invalid(scanned.error().message, scanned.error().help);
  DatabaseUrl url;
  url.conninfo = text;
  if (scanned->is_url) {
    MIGRATE_TRY_ASSIGN(url.conninfo, normalized(text, *scanned));
    // Without a parameter that is the driver's, an `@` or a `/` further on may mean something else.
    if (!scan_connection_text(url.conninfo)) {
      return invalid("the database URL holds an `@` or a `/` that is not encoded",
                     "in a URL, write `@` as %40, `/` as %2F and `?` as %3F");
    }
  }
  return url;
}

bool has_password(const DatabaseUrl& url) {
  const auto scanned = scan_connection_text(url.conninfo);
  return scanned && std::any_of(scanned->fields.begin(), scanned->fields.end(), [](const ConnectionField& field) {
           return is_secret_parameter(field.name) && !field.value.empty();
         });
}

std::string masked(const DatabaseUrl& url) {
  if (url.embedded) return fmt::format("{}{}", embedded_scheme, url.embedded_name);
  if (url.conninfo.empty()) return {};
  const auto scanned = scan_connection_text(url.conninfo);
  if (!scanned) return "***";
  std::vector<ByteRange> hidden;
  for (const auto& field : scanned->fields)
    if (is_secret_parameter(field.name)) hidden.push_back(field.value_range);
  // A second look, for passwords in places that have none: a URL as the name of the database.
  return SecretMask().apply(with_stars(url.conninfo, merged(std::move(hidden))));
}

}  // namespace migrate::config
