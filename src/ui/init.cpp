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
  for (const auto& item : result->items) {
    output.progress(fmt::format("{:<5} {:<16} {}", item.made ? "made" : "kept", item.path, item.purpose));
  }
  output.progress("next: migrate revision -m \"create users\"");
  return ExitCode::ok;
}

}  // namespace migrate::ui
