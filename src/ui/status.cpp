#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"
#include "ui/pad.hpp"
#include "ui/printable.hpp"
#include "ui/revision_text.hpp"

namespace migrate::ui {
namespace {

Json body_of(const ops::StatusOutcome& outcome) {
  return {{"database", to_json(outcome.database)},
          {"journal", outcome.journal_exists},
          {"current", to_json(outcome.current)},
          {"heads", to_json(outcome.heads)},
          {"heads_diverge", outcome.heads_diverge},
          {"unfinished", to_json(outcome.unfinished)},
          {"lock_holder", to_json(outcome.lock_holder)},
          {"pending", to_json(outcome.pending)},
          {"pending_statements", outcome.pending_statements},
          {"files", outcome.files},
          {"changed", to_json(outcome.changed)},
          {"cosmetic", to_json(outcome.cosmetic)},
          {"missing", to_json(outcome.missing)},
          {"next", outcome.next},
          {"settled", outcome.settled()}};
}

/// "a1b2  add a column                 applied 2 h ago by deploy", one line per revision.
std::string names(std::span<const ops::RevisionLine> lines, const Style& style, const ops::StatusOutcome& outcome) {
  std::size_t width = 0;
  for (const auto& line : lines) width = std::max(width, painted_width(render_name(line.revision, {})));
  std::string text;
  for (const auto& line : lines) {
    if (!text.empty()) text += '\n';
    const std::string name = render_name(line.revision, style);
    if (!line.journal) {
      text += name;
      continue;
    }
    text += pad(name, width) + "   " + state_of(*line.journal, outcome.now, Author::named);
  }
  return text;
}

std::string place(const ops::StatusOutcome& outcome, const Style& style) {
  if (!outcome.current.empty()) return names(outcome.current, style, outcome);
  if (outcome.database_has_tables) {
    return outcome.journal_exists ? "unknown: the database has tables, and the journal knows no revision"
                                  : "unknown: the database has tables, but no journal";
  }
  return outcome.journal_exists ? "base: nothing is applied" : "base: no journal yet";
}

std::string files(const ops::StatusOutcome& outcome) {
  const std::size_t differing = outcome.changed.size() + outcome.cosmetic.size();
  std::string text = fmt::format("{} ok, {} changed since applied", outcome.files - differing, outcome.changed.size());
  if (!outcome.cosmetic.empty()) text += fmt::format(", {} cosmetically", outcome.cosmetic.size());
  if (!outcome.missing.empty()) text += fmt::format(", {} missing", outcome.missing.size());
  return text;
}

/// "app_dev at localhost:5432 as app (PostgreSQL 15.20)"
std::string describe_with_user(const db::DatabaseInfo& database) {
  std::string text = describe(database);
  return text.insert(text.rfind(" (PostgreSQL"), " as " + database.user);
}

std::string join_lines(const std::vector<std::string>& lines) {
  std::string text;
  for (const auto& line : lines) text += (text.empty() ? "" : "\n") + line;
  return text;
}

std::string render(const ops::StatusOutcome& outcome, const Style& style) {
  const auto& database = outcome.database;
  std::string text = render_field("database", describe_with_user(database), style);
  text += render_field("current", place(outcome, style), style);
  text += render_field("heads", outcome.heads.empty() ? "none: no revisions yet" : names(outcome.heads, style, outcome),
                       style);
  if (outcome.heads_diverge) {
    text += render_field("", style.paint(Role::warning, "no labels tell these heads apart"), style);
  }
  if (!outcome.unfinished.empty()) {
    text +=
        render_field(outcome.lock_holder ? "under way" : "half done", names(outcome.unfinished, style, outcome), style);
  }
  if (outcome.lock_holder) {
    text += render_field("lock", "held by " + printable(db::describe(*outcome.lock_holder)), style);
  }
  text += render_field("pending",
                       outcome.pending.empty() ? std::string("nothing")
                                               : fmt::format("{}, {}", plural(outcome.pending.size(), "revision"),
                                                             plural(outcome.pending_statements, "statement")),
                       style);
  text += render_field("files", files(outcome), style);
  if (!outcome.changed.empty()) text += render_field("changed", names(outcome.changed, style, outcome), style);
  if (!outcome.missing.empty()) text += render_field("missing", names(outcome.missing, style, outcome), style);
  if (!outcome.next.empty()) text += render_field("next", join_lines(outcome.next), style);
  return text;
}

}  // namespace

ExitCode show(Output& output, const Result<ops::StatusOutcome>& result, bool tell_by_exit_code) {
  if (!result) return output.fail(result.error());
  const ExitCode exit_code = tell_by_exit_code && !result->settled() ? ExitCode::findings : ExitCode::ok;
  if (!output.human()) return answer(output, body_of(*result), exit_code);
  // `--exit-code -q`: the code is the answer.
  if (!(tell_by_exit_code && output.options().quiet)) output.text(render(*result, output.options().out));
  return exit_code;
}

}  // namespace migrate::ui
