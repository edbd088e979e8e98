#include "db/server_error_fields.hpp"

#include <migrate/base/text.hpp>

#include <charconv>

namespace migrate::db {
namespace {

// A server speaks before the encoding is agreed on, and a statement may change it.
void mend_utf8(std::string& text) {
  while (const auto invalid = find_invalid_utf8(text)) text[*invalid] = '?';
}

std::string field(const PGresult* result, int code) {
  const char* value = PQresultErrorField(result, code);
  std::string text = value ? value : "";
  mend_utf8(text);
  return text;
}

std::optional<CharOffset> position(const PGresult* result, int code) {
  const std::string text = field(result, code);
  std::size_t value = 0;
  const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (parsed.ec != std::errc() || value == 0) return std::nullopt;
  return CharOffset{value - 1};
}

}  // namespace

std::string tidy_text(std::string_view text) {
  std::string tidy;
  for (char byte : trim(text)) {
    const bool space = byte == '\n' || byte == '\t' || byte == '\r' || byte == ' ';
    if (!space) {
      tidy.push_back(byte);
    } else if (!tidy.empty() && tidy.back() != ' ') {
      tidy.push_back(' ');
    }
  }
  mend_utf8(tidy);
  return tidy;
}

ServerError read_server_error(const PGresult* result, const PGconn* connection) {
  ServerError error;
  error.sqlstate = field(result, PG_DIAG_SQLSTATE);
  error.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (error.message.empty()) error.message = tidy_text(PQresultErrorMessage(result));
  error.detail = field(result, PG_DIAG_MESSAGE_DETAIL);
  error.hint = field(result, PG_DIAG_MESSAGE_HINT);
  error.context = field(result, PG_DIAG_CONTEXT);
  error.schema = field(result, PG_DIAG_SCHEMA_NAME);
  error.table = field(result, PG_DIAG_TABLE_NAME);
  error.column = field(result, PG_DIAG_COLUMN_NAME);
  error.constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
  error.datatype = field(result, PG_DIAG_DATATYPE_NAME);
  error.position = position(result, PG_DIAG_STATEMENT_POSITION);
  error.internal_query = field(result, PG_DIAG_INTERNAL_QUERY);
  error.internal_position = position(result, PG_DIAG_INTERNAL_POSITION);
  error.connection_lost = PQstatus(connection) == CONNECTION_BAD;
  return error;
}

ServerError read_connection_error(const PGconn* connection) {
  ServerError error;
  error.message = tidy_text(PQerrorMessage(connection));
  error.connection_lost = PQstatus(connection) == CONNECTION_BAD;
  return error;
}

Notice read_notice(const PGresult* result) {
  // The severity that is not translated: 9.6 and later.
  return {field(result, PG_DIAG_SEVERITY_NONLOCALIZED), field(result, PG_DIAG_MESSAGE_PRIMARY),
          field(result, PG_DIAG_MESSAGE_DETAIL), field(result, PG_DIAG_MESSAGE_HINT), field(result, PG_DIAG_CONTEXT)};
}

}  // namespace migrate::db
