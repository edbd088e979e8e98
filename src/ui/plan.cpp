#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"
#include "ui/printable.hpp"

namespace migrate::ui {
namespace {

Json planned_json(const ops::PlannedStep& planned) {
  Json result = to_json(planned.step);
  result["reversible"] = planned.reversible;
  result["steps_done"] = planned.steps_done;
  Json statements = Json::array();
  for (const auto& statement : planned.statements) {
    statements.push_back({{"summary", statement.summary},
                          {"line", statement.line},
                          {"transaction", statement.in_transaction},
                          {"destroys", statement.destroys}});
  }
  result["plan"] = std::move(statements);
  return result;
}

std::string render(const ops::PlannedStep& planned, const Style& style) {
  const auto& step = planned.step;
  std::string text = fmt::format("{} {}  {}", sign(step.direction), style.paint(Role::id, step.revision.id.str()),
                                 printable(step.revision.message));
  if (!step.revision.path.empty()) text += "  " + style.paint(Role::dim, printable(step.revision.path));
  text += "\n";
  if (!step.transactional) text += "    statement by statement, not in one transaction\n";
  if (planned.steps_done > 0) text += fmt::format("    goes on after statement {}\n", planned.steps_done);
  for (std::size_t i = 0; i < planned.statements.size(); ++i) {
    const auto& statement = planned.statements[i];
    std::string marks;
    if (!statement.in_transaction) marks += "  [no transaction]";
    if (!statement.destroys.empty()) marks += fmt::format("  [destroys {}]", join_with_and(statement.destroys));
    text += fmt::format("    {:>2}  {}{}\n", i + 1, printable(statement.summary), style.paint(Role::warning, printable(marks)));
  }
  return text;
}

std::string totals(const ops::PlanOutcome& outcome) {
  std::size_t up = 0, statements = 0, outside = 0;
  bool reversible = true;
  for (const auto& planned : outcome.steps) {
    if (planned.step.direction == db::Direction::up) ++up;
    reversible = reversible && planned.reversible;
    statements += planned.statements.size();
    for (const auto& statement : planned.statements) outside += statement.in_transaction ? 0U : 1U;
  }
  std::string text = fmt::format("Plan: {} up, {} down; {}", up, outcome.steps.size() - up, plural(statements, "statement"));
  if (outside > 0) text += fmt::format(", {} outside a transaction", outside);
  if (up == 0) return text + ".\n";
  return text + fmt::format(". Reversible: {}.\n", reversible ? "yes" : "no");
}

}  // namespace

ExitCode show(Output& output, const Result<ops::PlanOutcome>& result) {
  if (!result) return output.fail(result.error());
  const ExitCode exit_code = result->refused ? ExitCode::findings : ExitCode::ok;
  if (!output.human()) {
    output.report(result->findings);
    Json steps = Json::array();
    for (const auto& step : result->steps) steps.push_back(planned_json(step));
    return answer(output,
                  {{"database", to_json(result->database)},
                   {"from", ids_to_json(result->from)},
                   {"to", ids_to_json(result->to)},
                   {"steps", std::move(steps)}},
                  exit_code);
  }
  if (result->steps.empty()) {
    output.text(fmt::format("Nothing to do: {} is at {}.\n", result->database.database, describe_place(result->from)));
    return ExitCode::ok;
  }
  std::string text;
  for (const auto& step : result->steps) text += render(step, output.options().out);
  output.text(text + "\n" + totals(*result));
  output.report(result->findings);
  return exit_code;
}

}  // namespace migrate::ui
