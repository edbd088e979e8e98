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
  output.progress(fmt::format("made revision {}, after {}", result->revision.id.str(), describe_place(result->parents)));
  return ExitCode::ok;
}

ExitCode show_edited(Output& output, const std::vector<std::string>& paths) {
  return output.human() ? ExitCode::ok : answer(output, {{"files", paths}}, ExitCode::ok);
}

}  // namespace migrate::ui
