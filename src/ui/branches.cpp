#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"
#include "ui/revision_text.hpp"

namespace migrate::ui {

ExitCode show(Output& output, const Result<ops::BranchesOutcome>& result) {
  if (!result) return output.fail(result.error());
  if (!output.human()) {
    Json points = Json::array();
    for (const auto& point : result->points) {
      Json one = to_json(point.revision);
      one["children"] = to_json(point.children);
      points.push_back(std::move(one));
    }
    return answer(output, {{"branches", std::move(points)}}, ExitCode::ok);
  }
  const bool verbose = output.options().verbosity > 0;
  std::string text;
  for (const auto& point : result->points) {
    text += render_list({&point.revision, 1}, output.options().out, verbose);
    text += render_list(point.children, output.options().out, verbose, "    -> ");
  }
  output.text(text);
  if (result->points.empty()) output.progress("the history has no branch points");
  return ExitCode::ok;
}

}  // namespace migrate::ui
