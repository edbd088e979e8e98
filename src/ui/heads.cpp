#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"
#include "ui/revision_text.hpp"

namespace migrate::ui {

ExitCode show(Output& output, const Result<ops::HeadsOutcome>& result) {
  if (!result) return output.fail(result.error());
  if (!output.human()) return answer(output, {{"heads", to_json(result->heads)}}, ExitCode::ok);
  output.text(render_list(result->heads, output.options().out, output.options().verbosity > 0));
  if (result->heads.empty()) output.progress("no revisions yet: migrate revision -m \"...\" makes the first");
  return ExitCode::ok;
}

}  // namespace migrate::ui
