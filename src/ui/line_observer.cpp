#include <memory>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>

#include "ui/answer.hpp"
#include "ui/observer_common.hpp"
#include "ui/observers.hpp"
#include "ui/printable.hpp"

namespace migrate::ui {
namespace {

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
    say(fmt::format("{} {} {}: ok, {}, {}", sign(step.direction), step.revision.id.str(), printable(step.revision.message),
                    plural(report.statements, "statement"), format_duration(report.duration)));
  }

  void step_failed(const ops::StepSummary& step, const db::RunFailure& failure) override {
    const std::string where =
        failure.statement ? fmt::format(" at statement {} of {}", *failure.statement + 1, step.statements) : "";
    say(fmt::format("{} {} {}: FAILED{}", sign(step.direction), step.revision.id.str(), printable(step.revision.message), where));
  }

 private:
  void say(const std::string& line) { output_.progress("migrate: " + line); }

  std::optional<std::chrono::milliseconds> last_waiting_;
};

}  // namespace

std::unique_ptr<ops::Observer> make_line_observer(Output& output) { return std::make_unique<LineObserver>(output); }

}  // namespace migrate::ui
