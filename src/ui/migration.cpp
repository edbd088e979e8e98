#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"

namespace migrate::ui {
namespace {

const char* word(ops::StepStatus status) {
  switch (status) {
    case ops::StepStatus::done: return "done";
    case ops::StepStatus::failed: return "failed";
    case ops::StepStatus::skipped: return "skipped";
  }
  return "";
}

const char* word(ops::DatabaseState state) {
  switch (state) {
    case ops::DatabaseState::unchanged: return "unchanged";
    case ops::DatabaseState::advanced: return "advanced";
    case ops::DatabaseState::partial: return "partial";
  }
  return "";
}

Json step_json(const ops::StepOutcome& step) {
  Json result = to_json(step.step);
  result["status"] = word(step.status);
  if (step.failed_statement) result["statement"] = *step.failed_statement + 1;
  result["ms"] = step.duration.count();
  return result;
}

Json outcome_json(const ops::MigrationOutcome& outcome) {
  Json steps = Json::array();
  for (const auto& step : outcome.steps) steps.push_back(step_json(step));
  Json result = Json::object();
  if (outcome.database) result["database"] = to_json(*outcome.database);
  result["from"] = ids_to_json(outcome.from);
  result["to"] = ids_to_json(outcome.to);
  result["state"] = word(outcome.state);
  result["dry_run"] = outcome.dry_run;
  result["ms"] = outcome.duration.count();
  result["steps"] = std::move(steps);
  return result;
}

std::string last_line(const ops::MigrationOutcome& outcome) {
  const std::string head = outcome.at_head ? " (head)" : "";
  if (outcome.steps.empty()) {
    return fmt::format("nothing to do: {} is at {}{}", outcome.database->database, describe_place(outcome.from), head);
  }
  const auto duration = format_duration(outcome.duration);
  if (outcome.dry_run) {
    return fmt::format("dry run done in {} and rolled back: still at {}", duration, describe_place(outcome.from));
  }
  return fmt::format("done in {}, now at {}{}", duration, describe_place(outcome.to), head);
}

}  // namespace

ExitCode show(Output& output, const ops::MigrationOutcome& outcome) {
  const ExitCode exit_code = outcome.failure ? outcome.failure->exit_code : ExitCode::ok;
  if (outcome.failure) output.report(outcome.failure->diagnostics);
  if (!output.human()) return answer(output, outcome_json(outcome), exit_code);
  // A pipe's lines all say who speaks: they stand among those of other programs.
  const std::string_view speaker = output.options().err.live ? "" : "migrate: ";
  if (!outcome.failure) output.progress(fmt::format("{}{}", speaker, last_line(outcome)));
  return exit_code;
}

ExitCode show_script(Output& output, const Result<std::string>& script) {
  if (!script) return output.fail(script.error());
  if (!output.human()) return answer(output, {{"script", *script}}, ExitCode::ok);
  output.text(*script);
  return ExitCode::ok;
}

}  // namespace migrate::ui
