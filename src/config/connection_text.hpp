/// \file
/// Connection strings taken apart as libpq takes them apart, with the place of each piece.
/// Source: https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING and conninfo_parse() and
/// conninfo_uri_parse_options() in src/interfaces/libpq/fe-connect.c (PostgreSQL 18).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <migrate/base/result.hpp>

namespace migrate::config {

/// One parameter: its value as libpq would take it, and the bytes that wrote it.
struct ConnectionField {
  std::string name;
  std::string value;
  ByteRange name_range;  ///< empty for the parts of a URL before its `?`
  ByteRange value_range;
};

struct ConnectionText {
  bool is_url = false;
  std::string driver;  ///< of `postgresql+DRIVER://`
  ByteRange scheme;    ///< with `://`
  ByteRange query;     ///< after the `?`; empty at the end where there is none
  std::vector<ConnectionField> fields;

  [[nodiscard]] const ConnectionField* find(std::string_view name) const;
};

/// What is wrong with a connection string, in words that hold nothing of it that could be secret.
struct ConnectionProblem {
  std::string message;
  std::string help;
};

/// Requires: trimmed and not empty.
Result<ConnectionText, ConnectionProblem> scan_connection_text(std::string_view text);

/// Does libpq, of PostgreSQL 14 to 18, know a parameter of this name?
bool is_libpq_parameter(std::string_view name);
std::optional<std::string> nearest_libpq_parameter(std::string_view name);
/// Is the parameter's value a secret?
bool is_secret_parameter(std::string_view name);

/// Nothing where a `%` is not followed by two hex digits, or they mean a NUL.
std::optional<std::string> percent_decoded(std::string_view text);

}  // namespace migrate::config
