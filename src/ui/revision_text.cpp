#include "ui/revision_text.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

#include "ui/answer.hpp"
#include "ui/pad.hpp"
#include "ui/printable.hpp"

namespace migrate::ui {
namespace {

constexpr std::size_t label_width = 10;
// A longer message pushes its own line only, not the column of all others.
constexpr std::size_t widest_message = 60;

const char* word(const std::optional<ops::JournalFacts>& facts) {
  if (!facts) return nullptr;
  switch (facts->state) {
    case db::RevisionState::applied: return "applied";
    case db::RevisionState::applying: return "applying";
    case db::RevisionState::reverting: return "reverting";
  }
  return nullptr;
}

const char* word(ops::FileState state) {
  switch (state) {
    case ops::FileState::unchanged: return "unchanged";
    case ops::FileState::cosmetic: return "cosmetic";
    case ops::FileState::changed: return "changed";
    case ops::FileState::missing: return "missing";
  }
  return "";
}

Json ids(std::span<const revision::RevisionId> all) {
  Json result = Json::array();
  for (const auto& id : all) result.push_back(id.str());
  return result;
}

Json journal_json(const ops::JournalFacts& facts) {
  Json result = {{"by", facts.applied_by},
                 {"ms", facts.duration.count()},
                 {"steps_done", facts.steps_done},
                 {"steps_total", facts.steps_total},
                 {"batches", batches_json(facts.batches)},
                 {"tool_version", facts.tool_version},
                 {"file", word(facts.file)}};
  result["at"] = facts.applied_at ? Json(format_timestamp(*facts.applied_at)) : Json();
  return result;
}

}  // namespace

Json to_json(const ops::RevisionLine& line) {
  Json result = to_json(line.revision);
  result["parents"] = ids(line.parents);
  result["depends_on"] = ids(line.depends_on);
  result["labels"] = line.labels;
  result["branches"] = line.branches;
  result["created"] = line.create_date ? Json(format_timestamp(*line.create_date)) : Json();
  result["base"] = line.base;
  result["head"] = line.head;
  result["effective_head"] = line.effective_head;
  result["branch_point"] = line.branch_point;
  result["merge_point"] = line.merge_point;
  result["current"] = line.current;
  const char* state = word(line.journal);
  result["state"] = state ? Json(state) : Json();
  if (line.journal) result["journal"] = journal_json(*line.journal);
  return result;
}

Json to_json(std::span<const ops::RevisionLine> lines) {
  Json result = Json::array();
  for (const auto& line : lines) result.push_back(to_json(line));
  return result;
}

std::string marks_of(const ops::RevisionLine& line) {
  std::string text;
  for (const auto& label : line.labels) text += fmt::format("[{}] ", label);
  if (line.head) text += line.effective_head ? "(head) " : "(effective head) ";
  if (line.current) text += "(current) ";
  if (line.branch_point) text += "(branch point) ";
  if (line.merge_point) text += "(merge point) ";
  if (!text.empty()) text.pop_back();
  return text;
}

std::string batches_text(const std::optional<db::BatchesDone>& batches) {
  if (!batches) return {};
  return fmt::format(" and {} batch{} of the next ({})", batches->batches, batches->batches == 1 ? "" : "es",
                     plural(static_cast<std::size_t>(batches->rows), "row"));
}

Json batches_json(const std::optional<db::BatchesDone>& batches) {
  return batches ? Json{{"done", batches->batches}, {"rows", batches->rows}} : Json();
}

std::string state_of(const ops::JournalFacts& facts, Timestamp now, Author author) {
  std::string text;
  switch (facts.state) {
    case db::RevisionState::applied:
      text = facts.applied_at ? "applied " + format_ago(now - *facts.applied_at) : "applied";
      if (author == Author::named && !facts.applied_by.empty()) text += " by " + printable(facts.applied_by);
      break;
    case db::RevisionState::applying:
      text = fmt::format("half applied: {} of {} statements", facts.steps_done, facts.steps_total) +
             batches_text(facts.batches);
      break;
    case db::RevisionState::reverting:
      text = fmt::format("half undone: {} of {} statements", facts.steps_done, facts.steps_total) +
             batches_text(facts.batches);
      break;
  }
  if (facts.file == ops::FileState::changed) text += ", file changed since";
  if (facts.file == ops::FileState::missing) text += ", file missing";
  return text;
}

std::string render_name(const ops::RevisionSummary& revision, const Style& style) {
  return style.paint(Role::id, revision.id.str()) + "  " + printable(revision.message);
}

std::string join_ids(std::span<const revision::RevisionId> all) {
  std::string text;
  for (const auto& id : all) text += (text.empty() ? "" : ", ") + id.str();
  return text;
}

std::string render_field(std::string_view label, std::string_view value, const Style& style) {
  std::string text;
  std::string left = pad(std::string(label), label_width);
  for (const auto line : split(value, '\n')) {
    text += style.paint(Role::dim, left);
    text += line;
    text += '\n';
    left.assign(label_width, ' ');
  }
  return text;
}

std::vector<std::string> details_of(const ops::RevisionLine& line) {
  std::vector<std::string> details;
  const auto add = [&details](std::string_view label, std::string value) {
    if (!value.empty()) details.push_back(pad(std::string(label), label_width) + std::move(value));
  };
  add("file", line.revision.path.empty() ? "missing" : printable(line.revision.path));
  add("parents", line.parents.empty() ? "none (base)" : join_ids(line.parents));
  add("needs", join_ids(line.depends_on));
  if (line.create_date) add("created", format_timestamp(*line.create_date));
  if (line.journal && line.journal->applied_at) {
    add("applied", fmt::format("{} by {} in {}", format_timestamp(*line.journal->applied_at),
                               printable(line.journal->applied_by), format_duration(line.journal->duration)));
  }
  return details;
}

std::string render_list(std::span<const ops::RevisionLine> lines, const Style& style, bool verbose,
                        std::string_view indent) {
  std::size_t id_width = 0, message_width = 0;
  for (const auto& line : lines) {
    id_width = std::max(id_width, line.revision.id.str().size());
    message_width = std::max(message_width, std::min(widest_message, display_width(printable(line.revision.message))));
  }
  std::string text;
  for (const auto& line : lines) {
    const std::string marks = marks_of(line);
    const std::string message = printable(line.revision.message);
    text += indent;
    text += style.paint(Role::id, pad(line.revision.id.str(), id_width));
    text += "  ";
    text += marks.empty() ? message : pad(message, message_width) + "  " + marks;
    text += '\n';
    if (!verbose) continue;
    const std::string below(display_width(indent) + 4, ' ');
    for (const auto& detail : details_of(line)) text += fmt::format("{}{}\n", below, style.paint(Role::dim, detail));
  }
  return text;
}

std::string not_asked_note(std::string_view why) { return fmt::format("note: applied state not shown: {}", why); }

}  // namespace migrate::ui
