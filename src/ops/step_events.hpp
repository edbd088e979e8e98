// Passes the executor's events on to the observer of the verb.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include <migrate/db/executor.hpp>
#include <migrate/ops/observer.hpp>

namespace migrate::ops {

class StepEvents final : public db::RunObserver {
 public:
  StepEvents(Observer& observer, const StepSummary& step) : observer_(observer), step_(step) {}

  void statement_started(const db::RevisionRun& run, std::size_t index) override {
    const auto& statement = run.statements[index];
    observer_.statement_started(step_, index, statement.facts, run.source->text(statement.statement.range));
  }
  void statement_running(const db::RevisionRun&, std::size_t index, std::chrono::milliseconds elapsed) override {
    observer_.statement_running(step_, index, elapsed);
  }
  void statement_progress(const db::RevisionRun&, std::size_t index, const db::Progress& progress) override {
    observer_.statement_progress(step_, index, progress);
  }
  void statement_done(const db::RevisionRun&, std::size_t index, const db::Executed& executed) override {
    observer_.statement_done(step_, index, executed);
  }
  void statement_settled(const db::RevisionRun&, std::size_t index, const std::string& words) override {
    observer_.statement_settled(step_, index, words);
  }
  void lock_failed(const db::RevisionRun&, const db::LockFailure& failure) override {
    observer_.lock_failed(step_, failure);
  }
  void waiting_for_lock(const db::RevisionRun&, const std::optional<db::LockHolder>& holder,
                        std::chrono::milliseconds waited) override {
    observer_.waiting_for_lock(holder, waited);
  }

 private:
  Observer& observer_;
  const StepSummary& step_;
};

}  // namespace migrate::ops
