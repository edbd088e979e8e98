// What a Session holds, for the rest of this room.
#pragma once

#include <functional>
#include <string>

#include <migrate/base/text.hpp>
#include <migrate/db/session.hpp>

#include "db/pq_handles.hpp"
#include "db/pqxx_compat.hpp"

namespace migrate::db {

struct Session::State {
  ConnectOptions options;
  PqxxConnection connection;
  PqCancel canceller;  // made beforehand: it may be used from another thread
  DatabaseInfo info{};
  std::string backend_start{};  // with the process id, which may be used again, it names our server process
  std::function<void(const Notice&)> on_notice{};
  std::optional<std::int64_t> kept_lock{};
  bool interrupt_told = false;
  bool needs_reset = false;  // the last reset failed, or was never sent
  Pooling pooling = Pooling::none;
  std::string transaction_id{};  // of the transaction that took the migration lock last, behind a pooler

  [[nodiscard]] PGconn* raw() const { return connection.raw(); }
  // The interrupt, as long as nobody has been told of it.
  [[nodiscard]] const Interrupt* interrupt() const { return interrupt_told ? nullptr : options.interrupt; }
  // Whether what is set for the session may meet another client of a pooler.
  [[nodiscard]] bool is_shared() const { return pooling != Pooling::none && pooling != Pooling::session; }
  // Goes before statements of ours: "SET LOCAL ROLE ...;\n", where the session may not keep the role.
  [[nodiscard]] std::string local_role_sql() const {
    if (options.role.empty() || !is_shared()) return {};
    return "SET LOCAL ROLE " + quote_identifier(options.role) + ";\n";
  }
};

struct SessionAccess {
  using State = Session::State;
  static State& state(Session& session) { return *session.state_; }
};
using SessionState = SessionAccess::State;

}  // namespace migrate::db
