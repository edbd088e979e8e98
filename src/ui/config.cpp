#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>
#include <migrate/ui/show.hpp>

#include "ui/answer.hpp"
#include "ui/pad.hpp"

namespace migrate::ui {
namespace {

/// Three columns; an empty value is a dash, so that the columns stay three.
std::string render_table(const std::vector<config::SettingLine>& settings, const Style& style) {
  std::size_t name_width = 0, value_width = 0;
  for (const auto& line : settings) {
    name_width = std::max(name_width, display_width(line.name));
    value_width = std::max(value_width, std::min<std::size_t>(60, display_width(line.value)));
  }
  std::string text;
  for (const auto& line : settings) {
    const std::string value = line.value.empty() ? "-" : line.value;
    text += fmt::format("{}  {}  {}\n", pad(line.name, name_width), pad(value, value_width),
                        style.paint(Role::dim, line.where));
  }
  return text;
}

}  // namespace

ExitCode show(Output& output, const Result<ops::ConfigOutcome>& result) {
  if (!result) return output.fail(result.error());
  if (!output.human()) {
    Json settings = Json::array();
    for (const auto& line : result->settings) {
      settings.push_back({{"name", line.name}, {"value", line.value}, {"origin", line.where}});
    }
    return answer(output, {{"settings", std::move(settings)}}, ExitCode::ok);
  }
  // One setting is asked for by scripts: its value alone.
  output.text(result->one ? result->settings.front().value + "\n"
                          : render_table(result->settings, output.options().out));
  return ExitCode::ok;
}

}  // namespace migrate::ui
