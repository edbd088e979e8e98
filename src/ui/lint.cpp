#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ui/diagnostic_text.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"
#include "ui/unified_diff.hpp"

namespace migrate::ui {
namespace {

std::string counts(const ops::LintOutcome& outcome) {
  if (outcome.errors + outcome.warnings + outcome.notes == 0) return "no findings";
  std::string text = fmt::format("{}, {}", plural(outcome.errors, "error"), plural(outcome.warnings, "warning"));
  if (outcome.notes > 0) text += ", " + plural(outcome.notes, "note");
  return text;
}

std::string summary(const ops::LintOutcome& outcome) {
  std::string text = fmt::format("{} in {}", counts(outcome), plural(outcome.revisions, "revision"));
  if (outcome.database) text += fmt::format(" pending for {}", outcome.database->database);
  if (outcome.suppressed > 0) text += fmt::format(", {} allowed", outcome.suppressed);
  return text + fmt::format(" ({} ms)\n", outcome.duration.count());
}

std::string diff_of(const ops::LintOutcome& outcome) {
  std::string text;
  for (const auto& file : outcome.fixed) text += unified_diff(file.path, file.before, file.after);
  return text;
}

void tell_fixes(Output& output, const ops::LintOutcome& outcome) {
  for (const auto& file : outcome.fixed) {
    output.progress(fmt::format("{} {} in {}", outcome.written ? "mended" : "would mend", plural(file.fixes, "finding"),
                                file.path));
  }
}

void show_findings(Output& output, const ops::LintOutcome& outcome) {
  std::string text;
  for (const auto& finding : outcome.findings) {
    if (output.options().quiet && finding.diagnostic.severity != Severity::error) continue;
    text += render_diagnostic(finding.diagnostic, output.options().out) + '\n';
  }
  if (output.options().quiet) return output.text(text);
  output.text(text + summary(outcome));
  if (outcome.fixable > 0 && outcome.fixed.empty()) {
    output.progress(fmt::format("{} can be mended: migrate lint --fix", outcome.fixable));
  }
}

Json body_of(const ops::LintOutcome& outcome, bool diff) {
  Json fixed = Json::array();
  for (const auto& file : outcome.fixed) {
    fixed.push_back({{"file", file.path}, {"fixes", file.fixes}, {"written", outcome.written}});
  }
  Json body{{"revisions", outcome.revisions}, {"errors", outcome.errors},         {"warnings", outcome.warnings},
            {"notes", outcome.notes},         {"suppressed", outcome.suppressed}, {"fixable", outcome.fixable},
            {"ms", outcome.duration.count()}, {"fixed", std::move(fixed)}};
  body["database"] = outcome.database ? to_json(*outcome.database) : Json();
  if (diff) body["diff"] = diff_of(outcome);
  return body;
}

}  // namespace

ExitCode show(Output& output, const Result<ops::LintOutcome>& result, const LintView& view) {
  if (!result) return output.fail(result.error());
  const bool failed =
      result->errors > 0 || (view.strict && result->warnings > 0) || (view.diff && !result->fixed.empty());
  const ExitCode exit_code = failed ? ExitCode::findings : ExitCode::ok;
  if (output.human()) {
    tell_fixes(output, *result);
    if (view.diff) {
      output.text(diff_of(*result));
      output.progress(fmt::format("left after that: {}", trim(summary(*result))));
    } else {
      show_findings(output, *result);
    }
    return exit_code;
  }
  for (const auto& finding : result->findings) {
    if (output.options().format != Format::jsonl) {
      output.report(finding.diagnostic);
      continue;
    }
    output.text(dump({{"type", "diagnostic"}, {"diagnostic", to_json(finding.diagnostic)}}, true));
  }
  return answer(output, body_of(*result, view.diff), exit_code);
}

}  // namespace migrate::ui
