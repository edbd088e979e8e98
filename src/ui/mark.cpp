#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"
#include "ui/printable.hpp"

namespace migrate::ui {
namespace {

std::string state_after(const ops::MarkOutcome& outcome) {
  switch (outcome.mark.as) {
    case ops::MarkAs::applied: return "applied";
    case ops::MarkAs::pending: return "pending";
    case ops::MarkAs::done: break;
  }
  return outcome.was == db::RevisionState::applying ? "applying" : "reverting";
}

}  // namespace

ExitCode show(Output& output, const Result<ops::MarkOutcome>& result) {
  if (!result) return output.fail(result.error());
  const std::string state = state_after(*result);
  const bool whole = result->mark.as != ops::MarkAs::done;
  if (!output.human()) {
    Json json = {{"database", to_json(result->database)}, {"revision", result->revision.id.str()}, {"state", state}};
    if (!whole) json["steps_done"] = result->mark.statements;
    if (result->file_changed) json["file_changed"] = true;
    return answer(output, std::move(json), ExitCode::ok);
  }
  const std::string what =
      whole ? state + (result->file_changed ? ", as its file is now, which has changed since it was begun" : "")
            : fmt::format("{}, {} of its {} done", state == "applying" ? "half applied" : "half undone",
                          result->mark.statements, plural(static_cast<std::size_t>(result->steps_total), "statement"));
  output.progress(fmt::format("marked {} {} in {}: {} (nothing was run)", result->revision.id.str(),
                              printable(result->revision.message), result->database.database, what));
  return ExitCode::ok;
}

}  // namespace migrate::ui
