#include "ui/rehearsal.hpp"

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/base/time.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"
#include "ui/bytes.hpp"
#include "ui/pad.hpp"
#include "ui/printable.hpp"
#include "ui/unified_diff.hpp"

namespace migrate::ui {
namespace {

using ops::StepStatus;
using ops::Undoing;

const char* word_of(StepStatus status) {
  switch (status) {
    case StepStatus::done: return "done";
    case StepStatus::failed: return "failed";
    default: return "skipped";
  }
}

const char* word_of(Undoing undoing) {
  switch (undoing) {
    case Undoing::same: return "same";
    case Undoing::reordered: return "reordered";
    case Undoing::different: return "different";
    case Undoing::failed: return "failed";
    case Undoing::irreversible: return "irreversible";
    default: return "not_tried";
  }
}

Json lock_json(const ops::MeasuredLock& lock) {
  return {{"relation", lock.relation},
          {"mode", lock.mode},
          {"held", lock.held},
          {"blocks_writes", lock.blocks_writes},
          {"blocks_reads", lock.blocks_reads},
          {"partitions", lock.partitions},
          {"rows", lock.rows ? Json(static_cast<std::int64_t>(*lock.rows)) : Json()},
          {"bytes", lock.bytes ? Json(*lock.bytes) : Json()},
          {"rewrite", lock.rewrite},
          {"scan", lock.scan},
          {"index_build", lock.index_build}};
}

Json statement_json(const ops::RehearsedStatement& statement) {
  Json locks = Json::array();
  for (const auto& lock : statement.locks) locks.push_back(lock_json(lock));
  return {{"summary", statement.summary},
          {"line", statement.line},
          {"transaction", statement.in_transaction},
          {"assertion", statement.asserts},
          {"done", statement.done},
          {"measured", statement.measured},
          {"ms", statement.duration.count()},
          {"destroys", statement.destroys},
          {"locks", std::move(locks)},
          {"differences", statement.differences}};
}

Json step_json(const ops::RehearsedStep& step) {
  Json result = to_json(step.outcome.step);
  result["status"] = word_of(step.outcome.status);
  if (step.outcome.failed_statement) result["statement"] = *step.outcome.failed_statement + 1;
  result["ms"] = step.outcome.duration.count();
  Json statements = Json::array();
  for (const auto& statement : step.statements) statements.push_back(statement_json(statement));
  result["rehearsed"] = std::move(statements);
  result["down"] = word_of(step.undoing);
  result["down_ms"] = step.undo_duration.count();
  result["up_again"] = step.again;
  result["difference"] = difference_of(step);
  return result;
}

Json body_of(const ops::RehearsalOutcome& outcome) {
  Json steps = Json::array();
  for (const auto& step : outcome.steps) steps.push_back(step_json(step));
  Json copy;
  if (!outcome.steps.empty()) {
    copy = {{"place", outcome.place == ops::CopyPlace::server ? "server" : "embedded"},
            {"server_version", outcome.copy_version},
            {"rows", false}};
  }
  return {{"database", to_json(outcome.database)}, {"copy", std::move(copy)},   {"from", ids_to_json(outcome.from)},
          {"to", ids_to_json(outcome.to)},         {"steps", std::move(steps)}, {"ms", outcome.duration.count()}};
}

constexpr std::size_t longest_mode = std::string_view("SHARE UPDATE EXCLUSIVE").size();
constexpr std::size_t margin = std::string_view("     1  ").size();

std::string lock_line(const ops::MeasuredLock& lock, const Style& style) {
  const std::string mode = pad(lock.mode, longest_mode);
  std::string text =
      "  " + (lock.blocks_writes ? style.paint(Role::warning, mode) : mode) + "  " + printable(lock.relation);
  std::string details = rows_of(lock);
  if (const auto size = size_of(lock); !size.empty()) details += (details.empty() ? "" : ", ") + size;
  if (!details.empty()) text += fmt::format(" ({})", details);
  if (lock.partitions > 0) text += fmt::format(" with {}", plural(lock.partitions, "partition"));
  if (const auto work = work_of(lock); !work.empty()) text += ": " + work;
  return lock.held ? text + style.paint(Role::dim, "  [held already]") : text;
}

// In front of its locks: "     1  ALTER TABLE ...", and the time behind the first of them.
std::string render(const ops::RehearsedStatement& statement, std::size_t number, std::size_t width,
                   const Style& style) {
  std::vector<std::string> lines;
  for (const auto& lock : statement.locks) {
    if (is_worth_telling(lock)) lines.push_back(lock_line(lock, style));
  }
  std::string text = fmt::format("    {:>2}  {}", number, printable(statement.summary));
  std::string end = statement.done ? "  " + format_duration(statement.duration) : "";
  if (!statement.in_transaction) end += style.paint(Role::warning, "  [no transaction]");
  if (!statement.destroys.empty()) {
    end += style.paint(Role::warning, printable(fmt::format("  [destroys {}]", join_with_and(statement.destroys))));
  }
  if (!lines.empty()) text = pad(std::move(text), margin + width);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    text += i == 0 ? lines[i] + end : "\n" + std::string(margin + width, ' ') + lines[i];
  }
  if (lines.empty()) text += end;
  text += "\n";
  if (statement.asserts) text += std::string(margin, ' ') + "an assertion: not judged, as the copy has no rows\n";
  if (statement.done && !statement.measured) {
    text += std::string(margin, ' ') + "its locks were not seen: they are those that the plan foretells\n";
  }
  for (const auto& difference : statement.differences) {
    text +=
        std::string(margin, ' ') + style.paint(Role::warning, "differs from the plan: " + printable(difference)) + "\n";
  }
  return text;
}

Role role_of(const ops::RehearsedStep& step) {
  if (step.outcome.status == StepStatus::skipped) return Role::dim;
  const bool bad = step.outcome.status == StepStatus::failed || step.undoing == Undoing::different ||
                   step.undoing == Undoing::failed;
  return bad ? Role::error : Role::ok;
}

std::string indented(std::string_view text) {
  std::string result;
  if (text.ends_with('\n')) text.remove_suffix(1);
  if (text.empty()) return result;
  for (const auto line : split(text, '\n')) result += "       " + printable(line) + "\n";
  return result;
}

std::string render(const ops::RehearsedStep& step, const Style& style) {
  const auto& revision = step.outcome.step.revision;
  std::string text = fmt::format("+ {}  {}", style.paint(Role::id, revision.id.str()), printable(revision.message));
  if (!revision.path.empty()) text += "  " + style.paint(Role::dim, printable(revision.path));
  text += "\n";
  if (step.outcome.status == StepStatus::skipped) return text + "    not tried\n";
  if (!step.outcome.step.transactional) text += "    statement by statement, not in one transaction\n";
  std::size_t width = 0;
  for (const auto& statement : step.statements) width = std::max(width, painted_width(printable(statement.summary)));
  for (std::size_t i = 0; i < step.statements.size(); ++i) {
    if (!step.statements[i].done) break;
    text += render(step.statements[i], i + 1, width, style);
  }
  if (step.outcome.status == StepStatus::failed && step.outcome.failed_statement) {
    const std::size_t at = *step.outcome.failed_statement;
    text += fmt::format("    {:>2}  {}  {}\n", at + 1, printable(step.statements[at].summary),
                        style.paint(Role::error, "FAILED"));
  }
  text += "    " + style.paint(role_of(step), describe_round(step)) + "\n";
  return text + indented(difference_of(step));
}

}  // namespace

std::string describe_copy(const ops::RehearsalOutcome& outcome) {
  const bool server = outcome.place == ops::CopyPlace::server;
  return server ? fmt::format("a copy of its schema, without rows, beside it (PostgreSQL {})", outcome.copy_version)
                : fmt::format("a copy of its schema, without rows, in an embedded PostgreSQL {}", outcome.copy_version);
}

std::string work_of(const ops::MeasuredLock& lock) {
  // A rewrite reads all, and builds the indexes anew.
  if (lock.rewrite) return "rewrite";
  if (lock.index_build) return "index build";
  return lock.scan ? "scan" : "";
}

std::string rows_of(const ops::MeasuredLock& lock) {
  if (!lock.rows) return {};
  const auto rows = static_cast<std::size_t>(*lock.rows);
  if (rows == 0) return "no rows";
  return rows >= 10'000 ? fmt::format("~{} k rows", rows / 1000) : "~" + plural(rows, "row");
}

std::string size_of(const ops::MeasuredLock& lock) {
  return lock.bytes ? format_bytes(static_cast<double>(*lock.bytes)) : "";
}

bool is_worth_telling(const ops::MeasuredLock& lock) {
  const bool reads_only = lock.mode == "ACCESS SHARE" || lock.mode == "ROW SHARE";
  return !reads_only || !work_of(lock).empty();
}

std::string describe_round(const ops::RehearsedStep& step) {
  std::string text;
  switch (step.undoing) {
    case Undoing::same: text = "down: the schema is as before"; break;
    case Undoing::reordered: text = "down: the schema is as before, but for an order"; break;
    case Undoing::different: text = "down: the schema is NOT as before"; break;
    case Undoing::failed: return "down: FAILED";
    case Undoing::irreversible: return "down: none, the file says that it is irreversible";
    default: return "FAILED: its downgrade was not tried";
  }
  return text + (step.again ? "; up again: ok" : "; up again: FAILED");
}

std::string difference_of(const ops::RehearsedStep& step) {
  std::string text = unified_diff("schema.sql", step.before, step.after);
  // The names of files that nobody has.
  while (text.starts_with("--- ") || text.starts_with("+++ ")) text.erase(0, text.find('\n') + 1);
  return text;
}

std::string totals(const ops::RehearsalOutcome& outcome) {
  std::size_t up = 0, round = 0, statements = 0;
  for (const auto& step : outcome.steps) {
    if (step.outcome.status == StepStatus::done) ++up;
    if (step.again) ++round;
    for (const auto& statement : step.statements) {
      if (statement.done) ++statements;
    }
  }
  return fmt::format("{} of {} up, {} down and up again; {}; {}", up, plural(outcome.steps.size(), "revision"), round,
                     plural(statements, "statement"),
                     outcome.findings.empty() ? "nothing found" : plural(outcome.findings.size(), "error"));
}

ExitCode show(Output& output, const Result<ops::RehearsalOutcome>& result) {
  if (!result) return output.fail(result.error());
  const ExitCode exit_code = result->findings.empty() ? ExitCode::ok : ExitCode::findings;
  if (!output.human()) {
    output.report(result->findings);
    return answer(output, body_of(*result), exit_code);
  }
  if (result->steps.empty()) {
    output.text(
        fmt::format("Nothing to rehearse: {} is at {}.\n", result->database.database, describe_place(result->from)));
    return ExitCode::ok;
  }
  if (output.options().markdown) {
    output.text(render_markdown(*result));
  } else {
    const Style& style = output.options().out;
    std::string text = fmt::format("{}: {}\n\n", result->database.database, describe_copy(*result));
    for (const auto& step : result->steps) text += render(step, style);
    output.text(text + fmt::format("\nRehearsal: {}.\n{}\n", totals(*result), copy_caution));
  }
  output.report(result->findings);
  return exit_code;
}

}  // namespace migrate::ui
