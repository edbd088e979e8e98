#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ui/diagnostic_text.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"
#include "ui/printable.hpp"
#include "ui/revision_text.hpp"

namespace migrate::ui {
namespace {

Json section_json(const ops::SectionLines& section) {
  Json statements = Json::array();
  for (const auto& statement : section.statements) {
    Json one = {{"summary", statement.summary}, {"transaction", statement.transactional}};
    one["line"] = statement.line > 0 ? Json(statement.line) : Json();
    statements.push_back(std::move(one));
  }
  Json problems = Json::array();
  for (const auto& problem : section.problems) problems.push_back(to_json(problem));
  return {{"transaction", section.transactional},
          {"statements", std::move(statements)},
          {"from_journal", section.from_journal},
          {"problems", std::move(problems)}};
}

Json detail_json(const ops::RevisionDetail& detail) {
  Json result = to_json(detail.line);
  result["children"] = ids_to_json(detail.children);
  result["dependents"] = ids_to_json(detail.dependents);
  result["prose"] = detail.prose;
  result["upgrade"] = detail.upgrade ? section_json(*detail.upgrade) : Json();
  result["downgrade"] = detail.downgrade ? section_json(*detail.downgrade) : Json();
  if (detail.irreversible) result["irreversible"] = *detail.irreversible;
  return result;
}

std::string names(const std::vector<ops::RevisionSummary>& revisions, const Style& style) {
  std::string text;
  for (const auto& revision : revisions) text += (text.empty() ? "" : "\n") + render_name(revision, style);
  return text;
}

std::string join(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text;
}

std::string state(const ops::RevisionDetail& detail, const ops::ShowOutcome& outcome) {
  if (!outcome.database) return {};
  const std::string& database = outcome.database->database;
  if (!detail.line.journal) return fmt::format("not applied to {}", database);
  const auto& facts = *detail.line.journal;
  std::string text = state_of(facts, outcome.now, Author::named);
  if (facts.state != db::RevisionState::applied) return text + " in " + database;
  text.insert(std::string("applied").size(), " to " + database);
  text += fmt::format("\ntook {}, with migrate {}", format_duration(facts.duration), facts.tool_version);
  return facts.file == ops::FileState::cosmetic ? text + "\nfile differs in comments, white space or its downgrade"
                                                : text;
}

/// Where nothing is wrong with the upgrade itself, but with a downgrade that is not written.
bool waits_for_downgrade(const ops::SectionLines& section) {
  const auto is_below = [](const Diagnostic& problem) { return problem.id == "empty-downgrade"; };
  return std::all_of(section.problems.begin(), section.problems.end(), is_below);
}

std::string render(std::string_view name, const ops::SectionLines& section, const Style& style) {
  const bool is_upgrade = name == "upgrade";
  std::string heading = plural(section.statements.size(), "statement");
  if (!section.transactional) heading += ", not in one transaction";
  if (section.from_journal) heading += " (kept by the journal)";
  if (!section.problems.empty()) {
    heading =
        is_upgrade && waits_for_downgrade(section) ? "cannot be run before its downgrade is written" : "cannot be run";
  }
  std::string text = render_field(name, heading, style);
  for (const auto& problem : section.problems) {
    if (!is_upgrade || problem.id != "empty-downgrade") text += render_diagnostic(problem, style);
  }
  for (std::size_t i = 0; i < section.statements.size(); ++i) {
    const auto& statement = section.statements[i];
    text += fmt::format("  {:>3}  {}{}\n", i + 1, printable(statement.summary),
                        statement.transactional ? "" : "  " + style.paint(Role::warning, "[no transaction]"));
  }
  return text;
}

std::string render(const ops::RevisionDetail& detail, const ops::ShowOutcome& outcome, const Style& style) {
  const auto& line = detail.line;
  std::string text;
  const auto field = [&](std::string_view label, const std::string& value) {
    if (!value.empty()) text += render_field(label, value, style);
  };
  const std::string marks = marks_of(line);
  field("revision", render_name(line.revision, style) + (marks.empty() ? "" : "  " + marks));
  field("file", line.revision.path.empty() ? "missing" : printable(line.revision.path));
  if (line.create_date) field("created", format_timestamp(*line.create_date));
  field("parents", detail.parents.empty() ? "none: a base" : names(detail.parents, style));
  field("children", detail.children.empty() ? "none: a head" : names(detail.children, style));
  field("needs", names(detail.dependencies, style));
  field("needed by", names(detail.dependents, style));
  field("branches", join(line.branches));
  field("state", state(detail, outcome));
  if (!detail.prose.empty()) {
    text += '\n';
    for (const auto part : split(detail.prose, '\n')) text += fmt::format("    {}\n", printable(part));
  }
  text += '\n';
  if (detail.upgrade) text += render("upgrade", *detail.upgrade, style);
  if (detail.downgrade) text += render("downgrade", *detail.downgrade, style);
  if (detail.irreversible) field("downgrade", "irreversible: " + printable(*detail.irreversible));
  return text;
}

}  // namespace

ExitCode show(Output& output, const Result<ops::ShowOutcome>& result) {
  if (!result) return output.fail(result.error());
  if (!output.human()) {
    Json revisions = Json::array();
    for (const auto& detail : result->revisions) revisions.push_back(detail_json(detail));
    Json body = {{"revisions", std::move(revisions)}};
    body["database"] = result->database ? to_json(*result->database) : Json();
    if (!result->why_not_asked.empty()) body["database_not_asked"] = result->why_not_asked;
    return answer(output, std::move(body), ExitCode::ok);
  }
  if (!result->why_not_asked.empty()) output.progress(not_asked_note(result->why_not_asked));
  std::string text;
  for (const auto& detail : result->revisions) {
    if (!text.empty()) text += '\n';
    text += render(detail, *result, output.options().out);
  }
  output.text(text);
  return ExitCode::ok;
}

}  // namespace migrate::ui
