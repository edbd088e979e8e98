#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"

namespace migrate::ui {

ExitCode show(Output& output, const Result<ops::StampOutcome>& result) {
  if (!result) return output.fail(result.error());
  if (!output.human()) {
    return answer(output,
                  {{"database", to_json(result->database)},
                   {"from", ids_to_json(result->from)},
                   {"to", ids_to_json(result->to)},
                   {"added", ids_to_json(result->added)},
                   {"removed", ids_to_json(result->removed)},
                   {"rewritten", ids_to_json(result->rewritten)}},
                  ExitCode::ok);
  }
  if (result->added.empty() && result->removed.empty() && result->rewritten.empty()) {
    output.progress(
        fmt::format("nothing to do: {} is stamped {} already", result->database.database, describe_place(result->to)));
    return ExitCode::ok;
  }
  const std::string rewritten =
      result->rewritten.empty() ? std::string() : fmt::format(", {} written anew", result->rewritten.size());
  output.progress(fmt::format("stamped {}: {} -> {} ({} added, {} removed{}; nothing was run)",
                              result->database.database, describe_place(result->from), describe_place(result->to),
                              plural(result->added.size(), "revision"), result->removed.size(), rewritten));
  return ExitCode::ok;
}

ExitCode show(Output& output, const Result<ops::EnsureVersionOutcome>& result) {
  if (!result) return output.fail(result.error());
  if (!output.human()) {
    return answer(output,
                  {{"database", to_json(result->database)}, {"schema", result->schema}, {"created", result->created}},
                  ExitCode::ok);
  }
  output.progress(fmt::format("{} the journal in schema {} of {}", result->created ? "made" : "found", result->schema,
                              result->database.database));
  return ExitCode::ok;
}

}  // namespace migrate::ui
