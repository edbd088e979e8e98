#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"
#include "ui/revision_text.hpp"

namespace migrate::ui {
namespace {

Json body_of(const ops::CurrentOutcome& outcome) {
  Json heads = Json::array();
  for (const auto& head : outcome.heads) {
    Json one = to_json(head.revision);
    one["implied"] = ids_to_json(head.implied);
    heads.push_back(std::move(one));
  }
  return {{"database", to_json(outcome.database)},     {"url", outcome.masked_url},  {"current", std::move(heads)},
          {"unfinished", to_json(outcome.unfinished)}, {"pending", outcome.pending}, {"at_heads", outcome.at_heads()}};
}

std::string render(const ops::CurrentOutcome& outcome, const Style& style, bool verbose) {
  std::string text;
  if (verbose) {
    const std::string url = outcome.masked_url.empty() ? "libpq's variables and defaults" : outcome.masked_url;
    text += render_field("database", describe(outcome.database), style) + render_field("url", url, style);
  }
  for (const auto& head : outcome.heads) {
    text += render_list({&head.revision, 1}, style, verbose);
    for (const auto& implied : head.implied) text += fmt::format("    implies {}\n", render_name(implied, style));
  }
  for (const auto& line : outcome.unfinished) {
    text += fmt::format("{}  ({})\n", render_name(line.revision, style), state_of(*line.journal, outcome.now));
  }
  return text;
}

Diagnostic not_at_heads(const ops::CurrentOutcome& outcome) {
  auto problem = error("not-at-heads", fmt::format("database `{}` is not at all heads", outcome.database.database));
  if (outcome.pending > 0) problem = std::move(problem).note("pending", plural(outcome.pending, "revision"));
  for (const auto& line : outcome.unfinished) {
    problem = std::move(problem).note("unfinished", line.revision.id.str() + " " + line.revision.message);
  }
  if (outcome.missing.empty()) return std::move(problem).help("see what is left: migrate plan heads");
  for (const auto& missing : outcome.missing) problem = std::move(problem).note("missing", missing.message);
  problem.helps = outcome.missing.front().helps;
  return problem;
}

}  // namespace

ExitCode show(Output& output, const Result<ops::CurrentOutcome>& result, bool check_heads) {
  if (!result) return output.fail(result.error());
  const bool failed = check_heads && !result->at_heads();
  const ExitCode exit_code = failed ? ExitCode::findings : ExitCode::ok;
  const bool only_code = check_heads && output.options().quiet;
  if (output.human() && !only_code) {
    output.text(render(*result, output.options().out, output.options().verbosity > 0));
    if (result->heads.empty())
      output.progress(fmt::format("{} is at base: nothing is applied", result->database.database));
  }
  if (failed) output.report(not_at_heads(*result));
  return output.human() ? exit_code : answer(output, body_of(*result), exit_code);
}

}  // namespace migrate::ui
