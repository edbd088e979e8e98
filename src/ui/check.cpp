#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"

namespace migrate::ui {
namespace {

std::string last_line(const ops::CheckOutcome& outcome, std::size_t errors, std::size_t warnings) {
  const std::string where = outcome.database ? fmt::format(" and {}", outcome.database->database) : std::string();
  const std::string looked_at = plural(outcome.revisions, "revision") + where;
  if (errors == 0 && warnings == 0) {
    const std::string all = outcome.database ? fmt::format(", all {} applied", outcome.applied) : std::string();
    return fmt::format("no findings in {}{}\n", looked_at, outcome.applied == outcome.revisions ? all : std::string());
  }
  return fmt::format("{}, {} in {}\n", plural(errors, "error"), plural(warnings, "warning"), looked_at);
}

}  // namespace

ExitCode show(Output& output, const Result<ops::CheckOutcome>& result, bool strict) {
  if (!result) return output.fail(result.error());
  const auto count = [&](Severity severity) {
    return static_cast<std::size_t>(std::count_if(result->findings.begin(), result->findings.end(),
                                                  [&](const auto& finding) { return finding.severity == severity; }));
  };
  const std::size_t errors = count(Severity::error), warnings = count(Severity::warning);
  const bool failed = errors > 0 || (strict && warnings > 0);
  const ExitCode exit_code = failed ? ExitCode::findings : ExitCode::ok;

  output.report(result->findings);
  if (output.human()) {
    if (!output.options().quiet) output.text(last_line(*result, errors, warnings));
    return exit_code;
  }
  Json body = {{"revisions", result->revisions}, {"errors", errors}, {"warnings", warnings}};
  body["database"] = result->database ? to_json(*result->database) : Json();
  body["applied"] = result->database ? Json(result->applied) : Json();
  return answer(output, std::move(body), exit_code);
}

}  // namespace migrate::ui
