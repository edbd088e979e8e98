// A database with a journal, and revisions that run on it.
#pragma once

#include "integration/db_support.hpp"

#include <chrono>
#include <string>
#include <thread>

#include <fmt/format.h>

namespace migrate::test {

struct RunGround {
  explicit RunGround(const Interrupt* interrupt = nullptr, const std::string& role = {})
      : session(connect(database.conninfo(), interrupt, role)) {
    if (!role.empty()) database.execute("GRANT ALL ON SCHEMA public TO " + role);
    must(journal.ensure(session));
  }

  Result<db::RunReport, db::RunFailure> run(const db::RevisionRun& revision) {
    recorder.events.clear();
    return db::run_revision(session, journal, revision, recorder);
  }
  db::RunFailure failure_of(const db::RevisionRun& revision) {
    auto report = run(revision);
    REQUIRE_FALSE(report);
    return std::move(report).error();
  }
  void must_run(const db::RevisionRun& revision) {
    const auto report = run(revision);
    if (!report) FAIL(told(report.error(), revision, session));
  }
  std::string value(const std::string& sql) { return database.value(sql); }
  // Ends the session's process while a statement runs; the result is to be joined before `database` is asked again.
  std::jthread end_process_later() {
    const int pid = session.info().backend_pid;
    return std::jthread([this, pid] {
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
      database.execute(fmt::format("SELECT pg_terminate_backend({}, 5000)", pid));
    });
  }

  TestDatabase database;
  db::Session session;
  db::Journal journal = journal_of();
  Recorder recorder;
};

inline db::RevisionRun resumed(db::RevisionRun run, int steps_done) {
  run.resumed = true;
  run.steps_done = steps_done;
  return run;
}

}  // namespace migrate::test
