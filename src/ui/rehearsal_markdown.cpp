// The report for a pull request.
#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>

#include "ui/answer.hpp"
#include "ui/printable.hpp"
#include "ui/rehearsal.hpp"

namespace migrate::ui {
namespace {

// In a cell of a table.
std::string cell(std::string_view text) {
  std::string result;
  for (const char c : printable(text)) {
    if (c == '|' || c == '`' || c == '*' || c == '_' || c == '<' || c == '\\' || c == '[') result += '\\';
    result += c;
  }
  return result;
}

std::string join_cells(const ops::RehearsedStatement& statement, std::string (*value)(const ops::MeasuredLock&)) {
  std::string text;
  for (const auto& lock : statement.locks) {
    if (!is_worth_telling(lock)) continue;
    const std::string one = value(lock);
    text += (text.empty() ? "" : "<br>") + (one.empty() ? "&nbsp;" : cell(one));
  }
  return text;
}

std::string relation_of(const ops::MeasuredLock& lock) {
  return lock.partitions == 0 ? lock.relation
                              : fmt::format("{} with {}", lock.relation, plural(lock.partitions, "partition"));
}

std::string row_of(const ops::RehearsedStatement& statement, std::size_t number) {
  std::string summary = cell(statement.summary);
  if (statement.asserts) summary += "<br>an assertion, not judged";
  if (!statement.in_transaction) summary += "<br>no transaction";
  if (!statement.destroys.empty()) summary += "<br>**destroys " + cell(join_with_and(statement.destroys)) + "**";
  std::string modes = join_cells(
      statement, [](const ops::MeasuredLock& lock) { return lock.held ? lock.mode + " (held already)" : lock.mode; });
  if (statement.done && !statement.measured) modes += modes.empty() ? "not seen" : "<br>foretold, not seen";
  return fmt::format("| {} | {} | {} | {} | {} | {} | {} | {} |\n", number, summary, modes,
                     join_cells(statement, relation_of), join_cells(statement, rows_of), join_cells(statement, size_of),
                     join_cells(statement, work_of),
                     statement.done ? format_duration(statement.duration) : "**failed**");
}

std::string section_of(const ops::RehearsedStep& step) {
  const auto& revision = step.outcome.step.revision;
  std::string text = fmt::format("### {} {}\n\n", revision.id.str(), cell(revision.message));
  if (!revision.path.empty()) text += fmt::format("`{}`", printable(revision.path));
  if (!step.outcome.step.transactional) text += ", statement by statement, not in one transaction";
  text += "\n\n";
  if (step.outcome.status == ops::StepStatus::skipped) return text + "Not tried.\n\n";
  text +=
      "| # | Statement | Lock | Relation | Rows | Size | Work | Time |\n| --: | --- | --- | --- | --: | --: | --- | "
      "--: |\n";
  for (std::size_t i = 0; i < step.statements.size(); ++i) {
    const auto& statement = step.statements[i];
    const bool failed = step.outcome.failed_statement == i;
    if (statement.done || failed) text += row_of(statement, i + 1);
  }
  text += "\n";
  for (std::size_t i = 0; i < step.statements.size(); ++i) {
    for (const auto& difference : step.statements[i].differences) {
      text += fmt::format("- Statement {} differs from the plan: {}\n", i + 1, cell(difference));
    }
  }
  text += fmt::format("- {}\n\n", describe_round(step));
  if (const auto difference = difference_of(step); !difference.empty()) {
    // A fence that no line of the schema can end.
    text += fmt::format("~~~~~~diff\n{}~~~~~~\n\n", difference);
  }
  return text;
}

}  // namespace

std::string render_markdown(const ops::RehearsalOutcome& outcome) {
  std::string text =
      fmt::format("## Rehearsal: {} -> {}\n\n", describe_place(outcome.from), describe_place(outcome.to));
  text += fmt::format("`{}` (PostgreSQL {}): {}.\n{}\n\n", outcome.database.database, outcome.database.server_version,
                      describe_copy(outcome), copy_caution);
  for (const auto& step : outcome.steps) text += section_of(step);
  for (const auto& finding : outcome.findings) {
    text += fmt::format("- **{}**: {}\n", finding.id, cell(finding.message));
  }
  if (!outcome.findings.empty()) text += "\n";
  return text + fmt::format("**{}.**\n", totals(outcome));
}

}  // namespace migrate::ui
