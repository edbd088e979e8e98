#include "ui/observer_common.hpp"

#include <memory>
#include <set>
#include <vector>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>

#include "ui/answer.hpp"
#include "ui/observers.hpp"
#include "ui/printable.hpp"

namespace migrate::ui {

void HumanObserver::notice(const db::Notice& notice) {
  // WARNINGs of the server matter to everybody, NOTICEs ("relation exists, skipping") to those who ask.
  const bool matters = notice.severity == "WARNING";
  if (!matters && output_.options().verbosity < 2) return;
  auto line = fmt::format("postgres: {}: {}", to_lower_ascii(notice.severity), printable(notice.message));
  if (!notice.hint.empty()) line += fmt::format(" ({})", printable(notice.hint));
  output_.progress(line);
}

std::string describe(const std::optional<db::LockHolder>& holder) {
  if (!holder) return "another run";
  std::string text = fmt::format("pid {} ({}", holder->pid, holder->user);
  if (!holder->application.empty()) text += ", " + holder->application;
  if (!holder->state.empty()) text += ", " + holder->state;
  if (holder->since) text += " for " + format_duration(*holder->since);
  return printable(text + ")");
}

std::string describe(const ops::StepSummary& step, const db::LockFailure& failure) {
  const std::string where =
      failure.statement ? fmt::format("statement {} of {}", *failure.statement + 1, step.statements) : "the journal";
  std::string text = fmt::format("{} {} ", where, failure.deadlock ? "met a deadlock" : "got no lock");
  std::vector<std::string> blockers;
  for (const auto& blocker : failure.blockers) blockers.push_back(db::describe(blocker));
  if (!blockers.empty()) text += fmt::format("because of {} ", join_with_and(blockers));
  return text + fmt::format("(try {}): again in {}", failure.tries, format_duration(failure.pause));
}

std::string describe(const ops::RunSummary& run) {
  // A redo has two steps for each.
  std::set<std::string> revisions;
  for (const auto& step : run.steps) revisions.insert(step.revision.id.str());
  return fmt::format("{} -> {}, {}{}", describe_place(run.from), describe_place(run.to),
                     plural(revisions.size(), "revision"), run.dry_run ? ", dry run" : "");
}

std::unique_ptr<ops::Observer> make_observer(Output& output) {
  if (!output.human()) return make_record_observer(output);
  return output.options().err.live ? make_live_observer(output) : make_line_observer(output);
}

}  // namespace migrate::ui
