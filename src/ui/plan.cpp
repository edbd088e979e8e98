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

std::string_view word_of(ops::Certainty certainty) {
  switch (certainty) {
    case ops::Certainty::yes: return "yes";
    case ops::Certainty::maybe: return "maybe";
    default: return "no";
  }
}

Json locks_json(const std::vector<ops::PlannedLock>& locks) {
  Json result = Json::array();
  for (const auto& lock : locks) {
    result.push_back({{"relation", lock.relation},
                      {"mode", lock.mode},
                      {"blocks_writes", lock.blocks_writes},
                      {"blocks_reads", lock.blocks_reads},
                      {"partitions", lock.partitions},
                      {"rows", lock.rows ? Json(static_cast<std::int64_t>(*lock.rows)) : Json()},
                      {"bytes", lock.bytes ? Json(*lock.bytes) : Json()},
                      {"rewrite", word_of(lock.rewrite)},
                      {"scan", word_of(lock.scan)},
                      {"index_build", word_of(lock.index_build)}});
  }
  return result;
}

// "account (~48 k rows): rewrite"
std::string describe(const ops::PlannedLock& lock) {
  std::string text = printable(lock.relation);
  if (lock.rows && *lock.rows >= 1) {
    const auto rows = static_cast<std::size_t>(*lock.rows);
    text += rows >= 10'000 ? fmt::format(" (~{} k rows)", rows / 1000) : fmt::format(" (~{})", plural(rows, "row"));
  }
  if (lock.partitions > 0) text += fmt::format(" with {}", plural(lock.partitions, "partition"));
  std::string work;
  const auto add = [&](ops::Certainty certainty, std::string_view words) {
    if (certainty == ops::Certainty::no) return;
    work +=
        fmt::format("{}{}{}", work.empty() ? ": " : ", ", certainty == ops::Certainty::maybe ? "maybe " : "", words);
  };
  // A rewrite reads all, and builds the indexes anew.
  add(lock.rewrite, "rewrite");
  if (lock.index_build > lock.rewrite) add(lock.index_build, "index build");
  if (lock.scan > std::max(lock.rewrite, lock.index_build)) add(lock.scan, "scan");
  return text + work;
}

// Who only reads is in nobody's way but that of ACCESS EXCLUSIVE.
bool is_worth_telling(const ops::PlannedLock& lock) { return lock.mode != "ACCESS SHARE" && lock.mode != "ROW SHARE"; }

constexpr std::size_t longest_mode = std::string_view("SHARE UPDATE EXCLUSIVE").size();

std::string lock_line(const ops::PlannedLock& lock, const Style& style) {
  const std::string mode = pad(lock.mode, longest_mode);
  return "  " + (lock.blocks_writes ? style.paint(Role::warning, mode) : mode) + "  " + describe(lock);
}

Json planned_json(const ops::PlannedStep& planned) {
  Json result = to_json(planned.step);
  result["reversible"] = planned.reversible;
  result["steps_done"] = planned.steps_done;
  result["batches"] = batches_json(planned.batches);
  Json statements = Json::array();
  for (const auto& statement : planned.statements) {
    statements.push_back({{"summary", statement.summary},
                          {"line", statement.line},
                          {"transaction", statement.in_transaction},
                          {"treatment", statement.treatment.empty() ? Json() : Json(statement.treatment)},
                          {"destroys", statement.destroys},
                          {"locks", locks_json(statement.locks)}});
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
  if (const auto& batches = planned.batches) {
    text += fmt::format("    goes on in statement {}, after {} ({})\n", planned.steps_done + 1,
                        batches->batches == 1 ? "1 batch" : fmt::format("{} batches", batches->batches),
                        plural(static_cast<std::size_t>(batches->rows), "row"));
  } else if (planned.steps_done > 0) {
    text += fmt::format("    goes on after statement {}\n", planned.steps_done);
  }
  constexpr std::size_t margin = std::string_view("     1  ").size();
  std::size_t width = 0;
  for (const auto& statement : planned.statements) {
    width = std::max(width, painted_width(printable(statement.summary)));
  }
  for (std::size_t i = 0; i < planned.statements.size(); ++i) {
    const auto& statement = planned.statements[i];
    std::string marks;
    if (!statement.in_transaction) marks += "  [no transaction]";
    if (!statement.treatment.empty()) marks += fmt::format("  [{}]", statement.treatment);
    if (!statement.destroys.empty()) marks += fmt::format("  [destroys {}]", join_with_and(statement.destroys));
    std::string line = printable(statement.summary);
    bool first = true;
    for (const auto& lock : statement.locks) {
      if (!is_worth_telling(lock)) continue;
      if (first) {
        line = pad(std::move(line), width) + lock_line(lock, style) + style.paint(Role::warning, printable(marks));
      } else {
        line += "\n" + std::string(margin + width, ' ') + lock_line(lock, style);
      }
      first = false;
    }
    if (first) line += style.paint(Role::warning, printable(marks));
    text += fmt::format("    {:>2}  {}\n", i + 1, line);
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
  std::string text =
      fmt::format("Plan: {} up, {} down; {}", up, outcome.steps.size() - up, plural(statements, "statement"));
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
