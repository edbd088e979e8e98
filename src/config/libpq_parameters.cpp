#include "config/connection_text.hpp"

#include <algorithm>

#include <migrate/base/text.hpp>

namespace migrate::config {
namespace {

// PQconninfoOptions of fe-connect.c in PostgreSQL 14 to 18, and `ssl`, which URLs may have for JDBC's sake.
const std::vector<std::string>& parameters() {
  static const std::vector<std::string> names = {"application_name",
                                                 "channel_binding",
                                                 "client_encoding",
                                                 "connect_timeout",
                                                 "dbname",
                                                 "fallback_application_name",
                                                 "gssdelegation",
                                                 "gssencmode",
                                                 "gsslib",
                                                 "host",
                                                 "hostaddr",
                                                 "keepalives",
                                                 "keepalives_count",
                                                 "keepalives_idle",
                                                 "keepalives_interval",
                                                 "krbsrvname",
                                                 "load_balance_hosts",
                                                 "max_protocol_version",
                                                 "min_protocol_version",
                                                 "oauth_client_id",
                                                 "oauth_client_secret",
                                                 "oauth_issuer",
                                                 "oauth_scope",
                                                 "options",
                                                 "passfile",
                                                 "password",
                                                 "port",
                                                 "replication",
                                                 "require_auth",
                                                 "requirepeer",
                                                 "scram_client_key",
                                                 "scram_server_key",
                                                 "service",
                                                 "servicefile",
                                                 "ssl",
                                                 "ssl_max_protocol_version",
                                                 "ssl_min_protocol_version",
                                                 "sslcert",
                                                 "sslcertmode",
                                                 "sslcompression",
                                                 "sslcrl",
                                                 "sslcrldir",
                                                 "sslkey",
                                                 "sslkeylogfile",
                                                 "sslmode",
                                                 "sslnegotiation",
                                                 "sslpassword",
                                                 "sslrootcert",
                                                 "sslsni",
                                                 "target_session_attrs",
                                                 "tcp_user_timeout",
                                                 "user"};
  return names;
}

}  // namespace

bool is_libpq_parameter(std::string_view name) {
  return std::find(parameters().begin(), parameters().end(), name) != parameters().end();
}

std::optional<std::string> nearest_libpq_parameter(std::string_view name) { return nearest(name, parameters()); }

bool is_secret_parameter(std::string_view name) {
  return name == "password" || name == "sslpassword" || name == "oauth_client_secret" || name == "scram_client_key" ||
         name == "scram_server_key";
}

}  // namespace migrate::config
