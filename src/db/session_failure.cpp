#include "db/session_failure.hpp"

#include <fmt/format.h>

namespace migrate::db {

Failure session_failure(const ServerError& server_error) {
  Diagnostic diagnostic = to_diagnostic(server_error).note("state", "nothing was changed");
  if (server_error.interrupted) {
    return {std::move(diagnostic).help("run the same command again"), ExitCode::interrupted};
  }
  if (server_error.connection_lost) {
    diagnostic = std::move(diagnostic).help("see whether the server runs, then run the same command again");
  }
  return {std::move(diagnostic), ExitCode::unreachable};
}

Failure read_only_failure(const DatabaseInfo& database) {
  Diagnostic diagnostic = error("read-only-database", fmt::format("database `{}` is read-only", database.database));
  diagnostic.sqlstate = "25006";
  diagnostic = database.in_recovery
                   ? std::move(diagnostic)
                         .note(fmt::format("{}:{} is a standby", database.host, database.port))
                         .help("connect to the primary server; `target_session_attrs=read-write` finds it")
                   : std::move(diagnostic)
                         .note("`default_transaction_read_only` is on for this user, database or server")
                         .help("connect as a user that may write");
  return {std::move(diagnostic).note("state", "nothing was changed"), ExitCode::unreachable};
}

}  // namespace migrate::db
