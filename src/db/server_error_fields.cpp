#include "db/server_error_fields.hpp"

#include <migrate/base/text.hpp>

#include <algorithm>
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

std::string join_lines(std::string_view text) {
  std::string joined;
  for (const auto raw : split(text, '\n')) {
    const std::string line = tidy_text(raw);
    if (line.empty()) continue;
    const bool goes_on = !(line.front() >= 'A' && line.front() <= 'Z') && !line.starts_with("connection to ");
    constexpr std::string_view ends = ".?!:;,";
    if (!joined.empty() && !goes_on && ends.find(joined.back()) == std::string_view::npos) joined += ';';
    if (!joined.empty()) joined += ' ';
    joined += line;
  }
  return joined;
}

ServerError read_server_error(const PGresult* result, const PGconn* connection) {
  ServerError error;
  error.sqlstate = field(result, PG_DIAG_SQLSTATE);
  error.message = field(result, PG_DIAG_MESSAGE_PRIMARY);
  if (error.message.empty()) error.message = join_lines(PQresultErrorMessage(result));
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
  error.message = join_lines(PQerrorMessage(connection));
  error.connection_lost = PQstatus(connection) == CONNECTION_BAD;
  return error;
}

Notice read_notice(const PGresult* result) {
  // The severity that is not translated: 9.6 and later.
  return {field(result, PG_DIAG_SEVERITY_NONLOCALIZED), field(result, PG_DIAG_MESSAGE_PRIMARY),
          field(result, PG_DIAG_MESSAGE_DETAIL), field(result, PG_DIAG_MESSAGE_HINT), field(result, PG_DIAG_CONTEXT)};
}

ErrorText split_verbose_text(std::string_view verbose) {
  ErrorText result;
  std::string kept;
  for (std::string_view line : split(verbose, '\n')) {
    if (line.starts_with("LOCATION:")) continue;
    // "FATAL:  28P01: password authentication failed": the severity may be in any language, the shape is always this.
    const auto label_end = line.find(":  ");
    const auto rest = label_end == std::string_view::npos ? std::string_view() : line.substr(label_end + 3);
    const auto is_code = [](char c) { return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z'); };
    if (rest.size() > 7 && std::all_of(rest.begin(), rest.begin() + 5, is_code) && rest.substr(5, 2) == ": ") {
      result.sqlstate = rest.substr(0, 5);
      kept.append(line.substr(0, label_end + 1)).append(" ").append(rest.substr(7));
    } else {
      kept.append(line);
    }
    kept.push_back('\n');
  }
  result.text = join_lines(kept);
  return result;
}

}  // namespace migrate::db
