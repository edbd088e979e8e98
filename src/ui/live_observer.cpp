#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include <migrate/base/log.hpp>
#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>

#include "ui/answer.hpp"
#include "ui/live_line.hpp"
#include "ui/observer_common.hpp"
#include "ui/observers.hpp"
#include "ui/printable.hpp"
#include "ui/progress_text.hpp"

namespace migrate::ui {
namespace {

std::string clock(std::chrono::milliseconds elapsed) {
  const auto seconds = elapsed.count() / 1000;
  return fmt::format("{:02}:{:02}", seconds / 60, seconds % 60);
}

std::string padded(const std::string& text, std::size_t width) {
  const std::size_t taken = display_width(text);
  return taken < width ? text + std::string(width - taken, ' ') : text;
}

constexpr std::string_view no_transaction = "  [no tx]";
constexpr std::size_t bar_width = 20;

class LiveObserver final : public HumanObserver {
 public:
  explicit LiveObserver(Output& output) : HumanObserver(output), line_(stderr, output.options().err) {
    log::set_writer([this](std::string_view lines) { line_.print(lines); });
  }
  ~LiveObserver() override { log::set_writer({}); }
  LiveObserver(const LiveObserver&) = delete;
  LiveObserver& operator=(const LiveObserver&) = delete;

  void warning(const Diagnostic& diagnostic) override {
    line_.clear();
    HumanObserver::warning(diagnostic);
  }
  void notice(const db::Notice& notice) override {
    line_.clear();
    HumanObserver::notice(notice);
  }
  void progress(const std::string& line) override { say(line); }

  void waiting_for_lock(const std::optional<db::LockHolder>& holder, std::chrono::milliseconds waited) override {
    show(fmt::format("waiting for the migration lock, held by {}  {}", describe(holder), clock(waited)));
  }

  void run_started(const db::DatabaseInfo& database, const ops::RunSummary& run) override {
    for (const auto& step : run.steps) {
      id_width_ = std::max(id_width_, step.revision.id.str().size());
      message_width_ = std::max(message_width_, display_width(printable(step.revision.message)));
      if (!step.transactional) mode_width_ = no_transaction.size();
    }
    message_width_ = std::min<std::size_t>(message_width_, 48);
    say(fmt::format("{}    {}", describe(database), describe(run)));
  }

  void step_started(const ops::StepSummary& step, std::size_t) override { show(head_of(step)); }

  void statement_started(const ops::StepSummary& step, std::size_t index, const sql::StatementFacts& facts,
                         std::string_view) override {
    statement_ = fmt::format("{}/{}", index + 1, step.statements);
    summary_ = facts.summary;
    progress_.reset();
  }

  void statement_running(const ops::StepSummary& step, std::size_t, std::chrono::milliseconds elapsed) override {
    std::vector<std::string> lines{
        fmt::format("{}  {}  {}  {}", head_of(step), statement_, clock(elapsed), paint(Role::dim, summary_))};
    if (progress_) add_progress(*progress_, lines);
    show(lines);
  }

  void statement_progress(const ops::StepSummary&, std::size_t, const db::Progress& progress) override {
    progress_ = progress;
  }

  void statement_done(const ops::StepSummary& step, std::size_t index, const db::Executed& executed) override {
    if (!verbose()) return;
    const auto duration = std::chrono::duration_cast<std::chrono::milliseconds>(executed.duration);
    say(fmt::format("      {}/{}  {}  {}", index + 1, step.statements, summary_,
                    paint(Role::dim, format_duration(duration))));
  }

  void statement_settled(const ops::StepSummary& step, std::size_t index, const std::string& words) override {
    say(fmt::format("      {}/{}  {}", index + 1, step.statements, printable(words)));
  }

  void lock_failed(const ops::StepSummary& step, const db::LockFailure& failure) override {
    say(paint(Role::warning, "      " + printable(describe(step, failure))));
  }

  void step_done(const ops::StepSummary& step, const db::RunReport& report) override {
    say(fmt::format("{}  {}  {}  {}", head_of(step), padded(plural(report.statements, "statement"), 13),
                    paint(Role::ok, "ok"), format_duration(report.duration)));
  }

  void step_failed(const ops::StepSummary& step, const db::RunFailure& failure) override {
    const std::string where = failure.statement ? fmt::format("{}/{}", *failure.statement + 1, step.statements) : "";
    say(fmt::format("{}  {}  {}", head_of(step), padded(where, 13), paint(Role::error, "FAILED")));
  }

 private:
  [[nodiscard]] std::string paint(Role role, std::string_view text) const {
    return output_.options().err.paint(role, text);
  }

  [[nodiscard]] std::string head_of(const ops::StepSummary& step) const {
    const std::string mode = step.transactional ? std::string(mode_width_, ' ') : paint(Role::warning, no_transaction);
    return fmt::format("  {} {}  {}{}", sign(step.direction),
                       paint(Role::id, padded(step.revision.id.str(), id_width_)),
                       padded(ellipsize(printable(step.revision.message), message_width_), message_width_), mode);
  }

  void say(const std::string& line) {
    line_.clear();
    output_.progress(line);
  }
  void show(const std::string& line) { show(std::vector<std::string>{line}); }
  void show(const std::vector<std::string>& lines) {
    if (!output_.options().quiet) line_.show(lines);
  }

  void add_progress(const db::Progress& progress, std::vector<std::string>& lines) const {
    const std::string words = describe(progress);
    const std::string bar = draw_bar(progress, bar_width);
    if (!words.empty())
      lines.push_back(fmt::format("      {}{}{}", paint(Role::ok, bar), bar.empty() ? "" : "  ", words));
    const std::string waiting = describe_waiting(progress);
    if (!waiting.empty()) lines.push_back("      " + paint(Role::warning, waiting));
  }

  LiveLine line_;
  std::size_t id_width_ = 0;
  std::size_t message_width_ = 0;
  std::size_t mode_width_ = 0;
  std::string statement_, summary_;
  std::optional<db::Progress> progress_;  // of the statement that runs
};

}  // namespace

std::unique_ptr<ops::Observer> make_live_observer(Output& output) { return std::make_unique<LiveObserver>(output); }

}  // namespace migrate::ui
