#include <fmt/format.h>

#include <migrate/base/time.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"

namespace migrate::ui {

ExitCode show(Output& output, const Result<ops::RestoreOutcome>& result) {
  if (!result) return output.fail(result.error());
  if (!output.human()) {
    return answer(
        output,
        {{"database", to_json(result->database)}, {"file", result->file.string()}, {"ms", result->duration.count()}},
        ExitCode::ok);
  }
  output.progress(fmt::format("restored {} from {} in {}", result->database.database, result->file.string(),
                              format_duration(result->duration)));
  return ExitCode::ok;
}

}  // namespace migrate::ui
