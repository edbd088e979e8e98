/// \file
/// `migrate config`: the settings, and where each came from.
#pragma once

#include <string>
#include <vector>

#include <migrate/base/result.hpp>
#include <migrate/config/settings.hpp>
#include <migrate/ops/context.hpp>

namespace migrate::ops {

struct ConfigOutcome {
  std::vector<config::SettingLine> settings;
  bool one = false;  ///< one was asked for by its name
};

/// `name` empty: all. Errors: `unknown-setting`, with the nearest.
Result<ConfigOutcome> show_config(const Context& context, const std::string& name);

}  // namespace migrate::ops
