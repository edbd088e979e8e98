#include <filesystem>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"

namespace migrate::ui {
namespace {

/// Without a baseline the folder may be none that the settings name.
std::string dir_of(const ops::ImportOutcome& outcome) {
  if (!outcome.baseline.empty() || outcome.revisions.empty()) return {};
  return fmt::format(" --dir {}", std::filesystem::path(outcome.revisions.front().path).parent_path().string());
}

}  // namespace

ExitCode show(Output& output, const Result<ops::ImportOutcome>& result) {
  if (!result) return output.fail(result.error());
  if (!output.human()) {
    Json revisions = Json::array();
    for (const auto& revision : result->revisions) revisions.push_back(to_json(revision));
    return answer(
        output,
        {{"revisions", std::move(revisions)}, {"irreversible", result->irreversible}, {"baseline", result->baseline}},
        ExitCode::ok);
  }
  output.progress(fmt::format("imported {} ({} without a downgrade)", plural(result->revisions.size(), "revision"),
                              result->irreversible));
  if (!result->baseline.empty()) {
    output.progress(
        fmt::format("wrote `[lint] start_after` into {}: the rules judge what comes after", result->baseline));
  }
  const std::string dir = dir_of(*result);
  output.progress(
      fmt::format("next: migrate upgrade{0}, or, where the database has them already: migrate stamp head{0}", dir));
  return ExitCode::ok;
}

}  // namespace migrate::ui
