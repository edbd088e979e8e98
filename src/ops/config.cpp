#include <migrate/ops/config.hpp>

#include <algorithm>

#include <fmt/format.h>

#include <migrate/base/text.hpp>

namespace migrate::ops {

Result<ConfigOutcome> show_config(const Context& context, const std::string& name) {
  auto settings = config::describe(context.settings);
  if (name.empty()) return ConfigOutcome{std::move(settings), false};

  const auto named =
      std::find_if(settings.begin(), settings.end(), [&](const auto& line) { return line.name == name; });
  if (named != settings.end()) return ConfigOutcome{{*named}, true};

  std::vector<std::string> names;
  for (const auto& line : settings) names.push_back(line.name);
  auto unknown = error("unknown-setting", fmt::format("there is no setting `{}`", name));
  if (const auto meant = nearest(name, names))
    unknown = std::move(unknown).help(fmt::format("did you mean `{}`?", *meant));
  return fail(std::move(unknown).help("`migrate config` shows all of them"));
}

}  // namespace migrate::ops
