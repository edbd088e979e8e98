#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"
#include "ui/printable.hpp"
#include "ui/revision_text.hpp"

namespace migrate::ui {
namespace {

Json to_json(const std::optional<std::vector<ops::HalfDone>>& revisions) {
  if (!revisions) return {};
  Json result = Json::array();
  for (const auto& one : *revisions) {
    result.push_back({{"revision", one.id.str()},
                      {"message", one.message},
                      {"state", one.state == db::RevisionState::applying ? "applying" : "reverting"},
                      {"steps_done", one.steps_done},
                      {"steps_total", one.steps_total},
                      {"batches", batches_json(one.batches)}});
  }
  return result;
}

// "27c6a30d7c24  unique account.email: half applied, 1 of 2 statements"
std::string words_of(const ops::HalfDone& one) {
  return fmt::format("{}  {}: {}, {} of {}", one.id.str(), printable(one.message),
                     one.state == db::RevisionState::applying ? "half applied" : "half undone", one.steps_done,
                     plural(static_cast<std::size_t>(one.steps_total), "statement")) +
         batches_text(one.batches);
}

// Empty: nothing is, or nobody knows.
std::string words_of(const std::optional<std::vector<ops::HalfDone>>& revisions) {
  std::string text;
  if (!revisions) return text;
  for (const auto& one : *revisions) text += (text.empty() ? "" : "\n") + words_of(one);
  return text;
}

std::string render(const ops::LockOutcome& outcome, const Style& style) {
  const auto& holder = outcome.holder;
  std::string text = render_field("database", describe(outcome.database), style);
  text += render_field("lock", holder ? style.paint(Role::warning, "held") : "free", style);
  if (holder) {
    text += render_field("by", printable(db::describe(*holder)), style);
    if (holder->connected) text += render_field("connected", format_ago(*holder->connected), style);
    if (const auto caution = ops::caution_about(*holder); !caution.empty()) {
      text += render_field("note", printable(caution), style);
    }
  }
  const std::string half_done = words_of(outcome.half_done);
  if (!half_done.empty()) text += render_field(holder ? "under way" : "half done", half_done, style);
  if (holder) {
    text += render_field("next",
                         "wait for it; if its client is gone for good: migrate lock break\n"
                         "(the server keeps the lock of a dead client until its statement has ended)",
                         style);
  } else if (!half_done.empty()) {
    text += render_field("next", "migrate resume", style);
  }
  return text;
}

std::string state_of(const ops::BreakOutcome& outcome) {
  if (outcome.successor) return "now held by " + db::describe(*outcome.successor);
  if (outcome.half_done && !outcome.half_done->empty()) {
    return "free; left behind: " + words_of(outcome.half_done->front());
  }
  if (!outcome.pending) return "free";
  return *outcome.pending == 0
             ? "free; nothing is half-done, nothing pending"
             : fmt::format("free; nothing is half-done, {} pending", plural(*outcome.pending, "revision"));
}

}  // namespace

ExitCode show(Output& output, const Result<ops::LockOutcome>& result, bool tell_by_exit_code) {
  if (!result) return output.fail(result.error());
  const ExitCode exit_code = tell_by_exit_code && result->holder ? ExitCode::findings : ExitCode::ok;
  if (!output.human()) {
    return answer(output,
                  {{"database", to_json(result->database)},
                   {"held", result->holder.has_value()},
                   {"holder", to_json(result->holder)},
                   {"half_done", to_json(result->half_done)}},
                  exit_code);
  }
  // `--exit-code -q`: the code is the answer.
  if (!(tell_by_exit_code && output.options().quiet)) output.text(render(*result, output.options().out));
  return exit_code;
}

ExitCode show(Output& output, const Result<ops::BreakOutcome>& result) {
  if (!result) return output.fail(result.error());
  if (!output.human()) {
    return answer(output,
                  {{"database", to_json(result->database)},
                   {"ended", to_json(result->ended)},
                   {"holder", to_json(result->successor)},
                   {"half_done", to_json(result->half_done)},
                   {"pending", result->pending ? Json(*result->pending) : Json()},
                   {"next", result->next.empty() ? Json() : Json(result->next)},
                   {"ms", result->duration.count()}},
                  ExitCode::ok);
  }
  const std::string& database = result->database.database;
  output.progress(result->ended ? fmt::format("ended pid {}: the migration lock of {} is {}", result->ended->pid,
                                              database, printable(state_of(*result)))
                                : fmt::format("nothing to break: the migration lock of {} is {}", database,
                                              printable(state_of(*result))));
  if (!result->next.empty()) output.progress("next: " + result->next);
  return ExitCode::ok;
}

}  // namespace migrate::ui
