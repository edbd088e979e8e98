#include <memory>
#include <vector>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>

#include "ui/answer.hpp"
#include "ui/observer_common.hpp"
#include "ui/observers.hpp"
#include "ui/printable.hpp"
#include "ui/progress_text.hpp"

namespace migrate::ui {
namespace {

using std::chrono::milliseconds;

// Of a statement that takes longer: what is known of it, soon; that it still runs, later; and again.
constexpr milliseconds known_after{3'000};
constexpr milliseconds still_runs_after{10'000};
constexpr milliseconds again_after{10'000};

class LineObserver final : public HumanObserver {
 public:
  using HumanObserver::HumanObserver;

  void progress(const std::string& line) override { say(line); }

  void waiting_for_lock(const std::optional<db::LockHolder>& holder, std::chrono::milliseconds waited) override {
    // The poll is quick; the line is for people who watch a log.
    constexpr std::chrono::seconds pause{5};
    if (last_waiting_ && waited - *last_waiting_ < pause) return;
    last_waiting_ = waited;
    say(fmt::format("waiting for the migration lock, held by {}", describe(holder)));
  }

  void run_started(const db::DatabaseInfo& database, const ops::RunSummary& run) override {
    say(fmt::format("{}: {}", describe(database), describe(run)));
  }

  void statement_started(const ops::StepSummary&, std::size_t, const sql::StatementFacts& facts,
                         std::string_view) override {
    summary_ = facts.summary;
    told_.reset();
    told_waiting_for_.clear();
    progress_.reset();
  }

  void statement_progress(const ops::StepSummary&, std::size_t, const db::Progress& progress) override {
    progress_ = progress;
  }

  void statement_running(const ops::StepSummary& step, std::size_t index, milliseconds elapsed) override {
    if (!is_time_to_tell(elapsed)) return;
    told_ = elapsed;
    told_waiting_for_ = waiting_for();
    std::string line =
        fmt::format("    {}/{} {}, {}", index + 1, step.statements, summary_, format_duration(whole(elapsed)));
    if (progress_) {
      const std::string words = describe(*progress_), waiting = describe_waiting(*progress_);
      if (!words.empty()) line += ": " + words;
      if (!waiting.empty()) line += (words.empty() ? ": " : "; ") + waiting;
    }
    say(line);
  }

  void statement_done(const ops::StepSummary& step, std::size_t index, const db::Executed& executed) override {
    if (!verbose()) return;
    const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(executed.duration);
    say(fmt::format("    {}/{} {}: {}", index + 1, step.statements, executed.command_tag, format_duration(duration)));
  }

  void statement_settled(const ops::StepSummary& step, std::size_t index, const std::string& words) override {
    say(fmt::format("    {}/{} {}", index + 1, step.statements, printable(words)));
  }

  void lock_failed(const ops::StepSummary& step, const db::LockFailure& failure) override {
    say(fmt::format("    {}", printable(describe(step, failure))));
  }

  void step_done(const ops::StepSummary& step, const db::RunReport& report) override {
    say(fmt::format("{} {} {}: ok, {}, {}", sign(step.direction), step.revision.id.str(),
                    printable(step.revision.message), plural(report.statements, "statement"),
                    format_duration(report.duration)));
  }

  void step_failed(const ops::StepSummary& step, const db::RunFailure& failure) override {
    const std::string where =
        failure.statement ? fmt::format(" at statement {} of {}", *failure.statement + 1, step.statements) : "";
    say(fmt::format("{} {} {}: FAILED{}", sign(step.direction), step.revision.id.str(),
                    printable(step.revision.message), where));
  }

 private:
  void say(const std::string& line) { output_.progress("migrate: " + line); }

  static milliseconds whole(milliseconds elapsed) { return std::chrono::floor<std::chrono::seconds>(elapsed); }

  [[nodiscard]] std::vector<int> waiting_for() const {
    std::vector<int> processes;
    if (!progress_) return processes;
    for (const auto& one : progress_->waits_for) processes.push_back(one.pid);
    return processes;
  }

  [[nodiscard]] bool is_time_to_tell(milliseconds elapsed) const {
    if (!told_) return elapsed >= (progress_ ? known_after : still_runs_after);
    if (elapsed - *told_ >= again_after) return true;
    return waiting_for() != told_waiting_for_ && elapsed - *told_ >= known_after;
  }

  std::optional<milliseconds> last_waiting_;
  // Of the statement that runs.
  std::string summary_;
  std::optional<db::Progress> progress_;
  std::optional<milliseconds> told_;
  std::vector<int> told_waiting_for_;
};

}  // namespace

std::unique_ptr<ops::Observer> make_line_observer(Output& output) { return std::make_unique<LineObserver>(output); }

}  // namespace migrate::ui
