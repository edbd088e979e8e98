// A table, and revisions of which nobody sees the end.
#pragma once

#include "integration/run_ground.hpp"

namespace migrate::test {

struct SettleGround : RunGround {
  SettleGround() {
    database.execute("CREATE TABLE account (id int, email text); INSERT INTO account VALUES (1, 'a'), (2, 'b')");
  }
  // The journal knows that the statement was about to be sent, and nobody knows more. What it did comes from the test.
  void die_at(const db::RevisionRun& revision, std::size_t index) {
    recorder.on_start = [&](std::size_t started) {
      if (started != index) return;
      database.execute(fmt::format("SELECT pg_terminate_backend({}, 5000)", session.info().backend_pid));
    };
    const auto failure = failure_of(revision);
    recorder.on_start = nullptr;
    REQUIRE(failure.server_error.connection_lost);
    REQUIRE(failure.aftermath == db::Aftermath::left_behind);
    session = connect(database.conninfo());
  }
};

}  // namespace migrate::test
