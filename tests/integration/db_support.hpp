// What the tests of the db room share: sessions, revisions made of a text, a protocol of what the executor says.
#pragma once

#include <migrate/base/source.hpp>
#include <migrate/base/text.hpp>
#include <migrate/db/executor.hpp>
#include <migrate/db/journal.hpp>
#include <migrate/db/lock.hpp>
#include <migrate/db/session.hpp>
#include <migrate/sql/statement.hpp>
#include <migrate/ui/diagnostic_text.hpp>

#include <fmt/format.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.hpp"
#include "support/test_server.hpp"

namespace migrate::test {

inline std::string rendered(const Failure& failure) {
  ui::Style style;
  return ui::render_diagnostics(failure.diagnostics, style);
}

template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(rendered(result.error()));
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}
template <class T>
T must(Result<T, db::ServerError> result) {
  if (!result) throw std::runtime_error(result.error().sqlstate + " " + result.error().message);
  if constexpr (!std::is_void_v<T>) return *std::move(result);
}

inline db::Session connect(const std::string& conninfo, const Interrupt* interrupt = nullptr,
                           const std::string& role = {}) {
  db::ConnectOptions options;
  options.conninfo = conninfo;
  options.interrupt = interrupt;
  options.role = role;
  return must(db::Session::connect(options));
}

inline db::Journal journal_of(const std::string& schema = "public", const std::string& project = "shop") {
  return db::Journal(schema, {.project = project, .user = "deploy", .host = "ci", .tool_version = "0.1.0"});
}

// A section of SQL as a revision that is ready to run.
inline db::RevisionRun make_run(const std::string& id, const std::string& sql,
                                db::Direction direction = db::Direction::up) {
  db::RevisionRun run;
  run.direction = direction;
  run.entry.id = revision::RevisionId(id);
  run.entry.message = "revision " + id;
  run.entry.checksum = "tokens1:" + id;
  run.entry.raw_checksum = "raw:" + id;
  run.entry.downgrade = "-- migrate:downgrade\nSELECT 'it''s \\ undone';\n";
  run.source = make_source("migrations/" + id + ".sql", sql);
  for (auto& statement : must(sql::split_statements(run.source, {0, sql.size()}))) {
    auto facts = sql::examine_statement(run.source->text(statement.range));
    auto treatment = must(sql::read_treatment(run.source, statement));
    if (facts.block_rule == sql::BlockRule::forbidden || treatment.batch) run.transactional = false;
    run.statements.push_back({std::move(statement), std::move(facts), std::move(treatment)});
  }
  return run;
}

class Recorder final : public db::RunObserver {
 public:
  void statement_started(const db::RevisionRun&, std::size_t index) override {
    events.push_back(fmt::format("start {}", index + 1));
    if (on_start) on_start(index);
  }
  void statement_running(const db::RevisionRun&, std::size_t, std::chrono::milliseconds) override { ++ticks; }
  void statement_done(const db::RevisionRun&, std::size_t index, const db::Executed& executed) override {
    events.push_back(fmt::format("done {} {}", index + 1, executed.command_tag));
  }

  void statement_settled(const db::RevisionRun&, std::size_t index, const std::string& words) override {
    events.push_back(fmt::format("settled {}: {}", index + 1, words));
  }
  void statement_progress(const db::RevisionRun&, std::size_t, const db::Progress& told) override {
    progress.push_back(told);
    if (on_progress) on_progress(told);
  }
  void lock_failed(const db::RevisionRun&, const db::LockFailure& failure) override {
    lock_failures.push_back(failure);
    if (on_lock_failure) on_lock_failure(failure);
  }

  std::vector<std::string> events;
  std::vector<db::LockFailure> lock_failures;
  std::vector<db::Progress> progress;
  std::function<void(const db::Progress&)> on_progress;
  std::function<void(const db::LockFailure&)> on_lock_failure;
  int ticks = 0;
  std::function<void(std::size_t)> on_start;
};

inline Result<db::RunReport, db::RunFailure> run(db::Session& session, const db::Journal& journal,
                                                 const db::RevisionRun& revision) {
  Recorder recorder;
  return db::run_revision(session, journal, revision, recorder);
}

inline std::string told(const db::RunFailure& failure, const db::RevisionRun& revision, const db::Session& session,
                        bool show_detail = false) {
  const Failure shown = db::to_failure(failure, revision, session.info(), show_detail);
  return fmt::format("{}exit {}\n", rendered(shown), static_cast<int>(shown.exit_code));
}

// The journal's rows as "id state done/total", for comparing at a glance.
inline std::vector<std::string> journal_rows(TestDatabase& database) {
  std::vector<std::string> lines;
  for (const auto& row : database.rows("SELECT revision || ' ' || state || ' ' || steps_done || '/' || steps_total "
                                       "FROM public.migrate_revision ORDER BY 1")) {
    lines.push_back(row.front().value_or("null"));
  }
  return lines;
}

inline std::vector<std::string> log_lines(TestDatabase& database) {
  std::vector<std::string> lines;
  for (const auto& row : database.rows("SELECT coalesce(revision, '-') || ' ' || direction || ' ' || outcome || "
                                       "coalesce(' ' || sqlstate, '') FROM public.migrate_log ORDER BY id")) {
    lines.push_back(row.front().value_or("null"));
  }
  return lines;
}

using Lines = std::vector<std::string>;

// Raises an interrupt a little later.
class InterruptLater {
 public:
  InterruptLater(Interrupt& interrupt, std::chrono::milliseconds delay)
      : thread_([&interrupt, delay] {
          std::this_thread::sleep_for(delay);
          interrupt.raise();
        }) {}
  ~InterruptLater() { thread_.join(); }

 private:
  std::thread thread_;
};

}  // namespace migrate::test
