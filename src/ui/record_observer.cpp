#include <migrate/version.hpp>

#include <cmath>
#include <memory>
#include <vector>

#include "ui/answer.hpp"
#include "ui/observers.hpp"

namespace migrate::ui {
namespace {

// Between two records of a statement whose phase is the same.
constexpr std::chrono::milliseconds progress_pause{5'000};

Json blockers_to_json(const std::vector<db::Blocker>& blockers) {
  Json list = Json::array();
  for (const auto& blocker : blockers) {
    Json one = {
        {"pid", blocker.pid}, {"user", blocker.user}, {"application", blocker.application}, {"state", blocker.state}};
    if (blocker.since) one["transaction_seconds"] = blocker.since->count();
    list.push_back(std::move(one));
  }
  return list;
}

class RecordObserver final : public ops::Observer {
 public:
  explicit RecordObserver(Output& output) : output_(output) {}

  void warning(const Diagnostic& diagnostic) override {
    output_.report(diagnostic);
    write({{"type", "diagnostic"}, {"diagnostic", to_json(diagnostic)}});
  }

  void run_started(const db::DatabaseInfo& database, const ops::RunSummary& run) override {
    write({{"type", "version"}, {"format", 1}, {"tool", "migrate " + std::string(version)}});
    Json steps = Json::array();
    for (const auto& step : run.steps) steps.push_back(to_json(step));
    write({{"type", "plan"},
           {"database", to_json(database)},
           {"from", ids_to_json(run.from)},
           {"to", ids_to_json(run.to)},
           {"dry_run", run.dry_run},
           {"steps", std::move(steps)}});
  }

  void step_started(const ops::StepSummary& step, std::size_t) override {
    write({{"type", "step_start"}, {"step", to_json(step)}});
  }

  void statement_started(const ops::StepSummary&, std::size_t, const sql::StatementFacts&, std::string_view) override {
    told_.reset();
  }

  void statement_progress(const ops::StepSummary& step, std::size_t index, const db::Progress& progress) override {
    const bool same = told_ && told_->phase == progress.phase && told_->waits_for.size() == progress.waits_for.size();
    if (same && progress.elapsed - told_->elapsed < progress_pause) return;
    told_ = progress;
    Json record = {{"type", "step_progress"},
                   {"revision", step.revision.id.str()},
                   {"statement", index + 1},
                   {"status", "running"},
                   {"ms", progress.elapsed.count()}};
    if (!progress.phase.empty()) record["phase"] = progress.phase;
    if (!progress.unit.empty()) {
      record["unit"] = progress.unit;
      record["done"] = progress.done;
    }
    if (progress.total) record["total"] = *progress.total;
    if (progress.per_second) record["per_second"] = std::llround(*progress.per_second);
    if (progress.left) record["seconds_left"] = progress.left->count();
    if (!progress.waits_for.empty()) record["waits_for"] = blockers_to_json(progress.waits_for);
    write(record);
  }

  void statement_done(const ops::StepSummary& step, std::size_t index, const db::Executed& executed) override {
    write({{"type", "step_progress"},
           {"revision", step.revision.id.str()},
           {"statement", index + 1},
           {"status", "done"},
           {"command", executed.command_tag},
           {"ms", std::chrono::duration_cast<std::chrono::milliseconds>(executed.duration).count()}});
  }

  void statement_settled(const ops::StepSummary& step, std::size_t index, const std::string& words) override {
    write({{"type", "statement_settled"},
           {"revision", step.revision.id.str()},
           {"statement", index + 1},
           {"found", words}});
  }

  void lock_failed(const ops::StepSummary& step, const db::LockFailure& failure) override {
    Json record = {{"type", "lock_failed"},        {"revision", step.revision.id.str()},
                   {"deadlock", failure.deadlock}, {"blockers", blockers_to_json(failure.blockers)},
                   {"tries", failure.tries},       {"pause_ms", failure.pause.count()}};
    if (failure.statement) record["statement"] = *failure.statement + 1;
    write(std::move(record));
  }

  void step_done(const ops::StepSummary& step, const db::RunReport& report) override {
    write({{"type", "step_done"}, {"step", to_json(step)}, {"status", "done"}, {"ms", report.duration.count()}});
  }

  void step_failed(const ops::StepSummary& step, const db::RunFailure& failure) override {
    Json record = {{"type", "step_done"}, {"step", to_json(step)}, {"status", "failed"}};
    if (failure.statement) record["statement"] = *failure.statement + 1;
    write(std::move(record));
  }

 private:
  void write(const Json& record) {
    if (output_.options().format == Format::jsonl) output_.text(dump(record, true));
  }

  Output& output_;
  std::optional<db::Progress> told_;  // of the statement that runs
};

}  // namespace

std::unique_ptr<ops::Observer> make_record_observer(Output& output) { return std::make_unique<RecordObserver>(output); }

}  // namespace migrate::ui
