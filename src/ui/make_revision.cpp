#include <fmt/format.h>

#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"

namespace migrate::ui {

ExitCode show(Output& output, const Result<ops::MadeRevision>& result) {
  if (!result) return output.fail(result.error());
  if (!output.human()) {
    Json body = to_json(result->revision);
    body["parents"] = ids_to_json(result->parents);
    body["written"] = result->written;
    body["text"] = result->text;
    return answer(output, std::move(body), ExitCode::ok);
  }
  if (!result->written) {
    output.text(result->text);
    return ExitCode::ok;
  }
  // The path alone on stdout: `$EDITOR $(migrate revision -m ...)`.
  output.text(result->revision.path + "\n");
  output.progress(
      fmt::format("made revision {}, after {}", result->revision.id.str(), describe_place(result->parents)));
  return ExitCode::ok;
}

ExitCode show(Output& output, const Result<ops::MadeRewrite>& result) {
  if (!result) return output.fail(result.error());
  const auto& place = result->finding.primary;
  const std::size_t line = place ? place->source->line_column({place->range.begin}).line : 0;
  if (!output.human()) {
    Json revisions = Json::array();
    for (const auto& made : result->revisions) revisions.push_back(to_json(made.revision));
    return answer(output,
                  {{"revisions", std::move(revisions)},
                   {"remove_from", to_json(result->replaces_part_of)},
                   {"remove_line", line}},
                  ExitCode::ok);
  }
  std::string paths;
  for (const auto& made : result->revisions) paths += made.revision.path + "\n";
  output.text(paths);
  for (const auto& made : result->revisions) {
    output.progress(fmt::format("made revision {} {}", made.revision.id.str(), made.revision.message));
  }
  output.progress(fmt::format("next: remove the statement at {}:{} (and what undoes it), then: migrate lint",
                              result->replaces_part_of.path, line));
  return ExitCode::ok;
}

ExitCode show_edited(Output& output, const std::vector<std::string>& paths) {
  return output.human() ? ExitCode::ok : answer(output, {{"files", paths}}, ExitCode::ok);
}

}  // namespace migrate::ui
