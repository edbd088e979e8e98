#include <migrate/db/other_database.hpp>

#include "db/conninfo.hpp"
#include "db/session_state.hpp"

namespace migrate::db {
namespace {

std::string quote_value(std::string_view value) {
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "'";
}

}  // namespace

Result<ConnectOptions> options_for_database(Session& session, std::string_view database) {
  ConnectOptions options = SessionAccess::state(session).options;
  MIGRATE_TRY_ASSIGN(ConnectParameters parameters, ConnectParameters::parse(options));
  parameters.set("dbname", std::string(database));
  // Who waited for the server once need not do so again.
  options.wait = std::chrono::milliseconds(0);
  options.conninfo.clear();
  const auto keywords = parameters.keywords();
  const auto values = parameters.values();
  for (std::size_t i = 0; keywords[i] != nullptr; ++i) {
    options.conninfo += std::string(keywords[i]) + "=" + quote_value(values[i]) + " ";
  }
  return options;
}

}  // namespace migrate::db
