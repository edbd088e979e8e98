#include <algorithm>

#include <fmt/format.h>

#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"

namespace migrate::ui {

ExitCode show(Output& output, const Result<ops::InitOutcome>& result) {
  if (!result) return output.fail(result.error());
  if (!output.human()) {
    Json items = Json::array();
    for (const auto& item : result->items) {
      items.push_back({{"path", item.path}, {"purpose", item.purpose}, {"made", item.made}});
    }
    return answer(output, {{"items", std::move(items)}}, ExitCode::ok);
  }
  std::size_t width = 0;
  for (const auto& item : result->items) width = std::max(width, item.path.size());
  for (const auto& item : result->items) {
    output.progress(fmt::format("{}  {:<{}}  {}", item.made ? "made" : "kept", item.path, width, item.purpose));
  }
  const bool elsewhere = !result->directory.empty() && result->directory != ".";
  output.progress(fmt::format("next: {}migrate revision -m \"create users\"",
                              elsewhere ? fmt::format("go into {}, and ", result->directory) : ""));
  return ExitCode::ok;
}

}  // namespace migrate::ui
